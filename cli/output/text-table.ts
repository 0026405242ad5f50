/** Aligned text, in colours where they are wanted. Colours come last: they have no width. */
import type { Colors } from 'picocolors/types';
import { printable } from './text';

export type Paint = keyof Pick<Colors, 'green' | 'yellow' | 'red' | 'dim' | 'bold'>;

/** A text, or one with its colour. Control characters in it are made visible. */
export type Cell = string | readonly [text: string, paint: Paint];

/** One line for each row, each column as wide as its widest cell; a row's last cell is not padded. */
export function textTable(rows: readonly (readonly Cell[])[], colors?: Colors): string[] {
  const plain = rows.map((row) => row.map((cell) => printable(typeof cell === 'string' ? cell : cell[0])));
  const widths = plain.reduce<number[]>((widest, row) => {
    row.slice(0, -1).forEach((text, column) => (widest[column] = Math.max(widest[column] ?? 0, text.length)));
    return widest;
  }, []);
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const text = plain[index]![column]!;
      const padded = column < row.length - 1 ? text.padEnd(widths[column] ?? 0) : text;
      return typeof cell === 'string' || colors === undefined ? padded : colors[cell[1]](padded);
    });
    return cells.join('  ').trimEnd();
  });
}
