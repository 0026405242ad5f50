/** The manifests of a stand-in, with the values of the release that it replaces. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNode, parseAllDocuments, type Document } from 'yaml';
import { textOf } from './applications';
import type { CarriedValue, StandIn } from './stand-ins';

/** Reads values of a release by path. */
export type ReleaseValues = Pick<Document, 'getIn'>;

/** @returns texts by file name */
export async function standInFiles(standIn: StandIn, values: ReleaseValues): Promise<Map<string, string>> {
  const folder = join(__dirname, standIn.name);
  const files = new Map<string, string>();
  for (const name of (await readdir(folder)).sort()) {
    const text = await readFile(join(folder, name), 'utf8');
    files.set(name, withValues(text, standIn.values ?? [], values));
  }
  return files;
}

function withValues(text: string, carried: readonly CarriedValue[], values: ReleaseValues): string {
  const documents = [...parseAllDocuments(text)] as Document.Parsed[];
  const changes = documents.flatMap((document) =>
    carried
      .filter(({ kind, name }) => document.get('kind') === kind && document.getIn(['metadata', 'name']) === name)
      .map(({ from, to, prefix }) => ({ document, to, prefix, value: values.getIn(from) }))
      .filter(({ value }) => value !== undefined),
  );
  if (changes.length === 0) return text;
  for (const { document, to, prefix, value } of changes) {
    const plain = isNode(value) ? (value.toJSON() as unknown) : value;
    document.setIn(to, document.createNode(prefix === undefined ? plain : `${prefix}${String(plain)}`));
  }
  return textOf(documents);
}
