/** What a change does to the layers, for the terminal. */
import colors from 'picocolors';
import { lines } from '../output/text';
import { textTable, type Cell } from '../output/text-table';
import { nameOf } from '../status/platform-status';
import type { LayersDiff } from './layers-diff';
import type { Removal } from './removals';

const EFFECT_CELLS: Readonly<Record<Removal['effect'], Cell>> = {
  goes: ['goes', 'red'],
  moves: ['moves', 'yellow'],
  stays: ['stays', 'green'],
};

/** Removed objects first, then what changes, what is added, the versions that move, and what is not known. */
export function reportOf({ removed, changed, added, versions, notRendered }: LayersDiff): string {
  const parts = [
    removed.length === 0 ? 'The change removes no object.\n' : removedTable(removed),
    ...changed.map(({ object, application, changes }) => {
      return `\n${colors.yellow('~')} ${application}: ${nameOf(object)}\n${lines(changes.map((line) => `    ${line}`))}`;
    }),
    section(added.map(({ object, application, file }) => [['+', 'green'], application, nameOf(object), file])),
    section(versions.map(({ application, what, from, to }) => [application, what, from, '->', to])),
    section(notRendered.map(({ application, at, why }) => [['not rendered', 'red'], application, at, why])),
  ];
  return parts.join('');
}

function removedTable(removed: readonly Removal[]): string {
  return lines(
    textTable(
      removed.map(({ object, file, effect, why }) => [EFFECT_CELLS[effect], nameOf(object), file, why]),
      colors,
    ),
  );
}

function section(rows: readonly (readonly Cell[])[]): string {
  return rows.length === 0 ? '' : `\n${lines(textTable(rows, colors))}`;
}
