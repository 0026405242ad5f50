/** Copies of the project's forge.yaml with other values. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { ROOT } from './processes';

type Change = readonly [path: readonly (string | number)[], value: unknown];

/** @returns the file that it wrote */
export function writeConfiguration(file: string, changes: readonly Change[]): string {
  const document = parseDocument(readFileSync(join(ROOT, 'forge.yaml'), 'utf8'));
  for (const [path, value] of changes) document.setIn(path, value);
  writeFileSync(file, document.toString());
  return file;
}

/** One server, and as many workers as are missing to a number of nodes. */
export function nodes(count: number): Change[] {
  return [
    [['servers', 'count'], 1],
    [['workers', 0, 'count'], count - 1],
  ];
}
