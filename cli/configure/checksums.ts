/**
 * Checksums of ConfigMaps in the templates of the pods that read them. A pod does not notice a changed ConfigMap; a
 * changed annotation `checksum/<name of the ConfigMap>` rolls it.
 */
import { createHash } from 'node:crypto';
import { isMap } from 'yaml';
import type { Rule } from './rules';
import type { Manifest } from './manifest';

const PREFIX = 'checksum/';
const ANNOTATIONS = ['spec', 'template', 'metadata', 'annotations'];
/** As many hexadecimal digits as tell two states of one file apart. */
const LENGTH = 16;

/** One rule per checksum annotation that names a ConfigMap of these manifests. */
export function checksumRules(manifests: readonly Manifest[]): Rule[] {
  const documents = manifests.flatMap((manifest) => manifest.documents);
  const checksums = new Map(
    documents
      .filter((document) => document.get('kind') === 'ConfigMap')
      .map((document) => [document.getIn(['metadata', 'name']) as string, checksumOf(document.get('data'))]),
  );
  return documents.flatMap((document) => {
    const annotations = document.getIn(ANNOTATIONS);
    if (!isMap(annotations)) return [];
    const names = Object.keys(annotations.toJSON() as object).filter((key) => key.startsWith(PREFIX));
    return names.flatMap((key) => {
      const checksum = checksums.get(key.slice(PREFIX.length));
      if (checksum === undefined) return [];
      const kind = document.get('kind') as string;
      const name = document.getIn(['metadata', 'name']) as string;
      return [{ kind, name, path: [...ANNOTATIONS, key], value: () => checksum }];
    });
  });
}

function checksumOf(data: unknown): string {
  const entries = isMap(data) ? Object.entries(data.toJSON() as Record<string, string>) : [];
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, LENGTH);
}
