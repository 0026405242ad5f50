/** What is wrong with a configuration, as a person reads it. */

export type KeyPath = readonly (string | number)[];

export interface Fault {
  readonly path: KeyPath;
  /** What stands there, in words. Never a value that may be a secret. */
  readonly found: string;
  /** What may stand there. */
  readonly allowed: string;
}

/** A place in a file; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** All faults of a file in the order of its lines, under a heading that counts them. */
export function describeFaults(
  file: string,
  faults: readonly Fault[],
  positionOf: (path: KeyPath) => Position,
): string {
  const placed = faults.map((fault) => ({ ...fault, ...positionOf(fault.path) }));
  placed.sort((one, other) => one.line - other.line || one.column - other.column);
  const blocks = placed.map(
    ({ path, found, allowed, line, column }) =>
      `  ${formatPath(path)}  (${file}:${line}:${column})\n    found:   ${found}\n    allowed: ${allowed}`,
  );
  return [`${file} has ${countOf(faults)}:`, ...blocks].join('\n\n');
}

/** `workers[1].size`; a key that is no plain word stands in brackets and quotes. */
export function formatPath(path: KeyPath): string {
  const text = path
    .map((part) => {
      if (typeof part === 'number') return `[${part}]`;
      return /^\w+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
    })
    .join('');
  return text === '' ? '(the whole file)' : text.replace(/^\./, '');
}

function countOf(faults: readonly Fault[]): string {
  return faults.length === 1 ? 'a fault' : `${faults.length} faults`;
}
