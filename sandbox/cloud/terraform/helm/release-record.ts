/** A release as helm itself keeps it, so that `helm list` shows what was installed. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { KubernetesObject, Secret } from '../kubernetes/kubernetes-object';
import type { KubernetesAccess } from '../kubernetes/access';

export interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly info: { readonly first_deployed: string; readonly last_deployed: string; readonly status: 'deployed' };
  readonly chart: {
    readonly metadata: { readonly name: string; readonly version: string; readonly appVersion: string };
  };
  /** Objects that the release consists of, as JSON documents: YAML's subset. */
  readonly manifest: string;
}

/** Only the newest revision is kept: nothing here rolls back. */
export async function writeRecord(client: KubernetesAccess, record: ReleaseRecord): Promise<void> {
  const encoded = Buffer.from(gzipSync(JSON.stringify(record)).toString('base64')).toString('base64');
  const labels = { owner: 'helm', name: record.name, status: record.info.status, version: `${record.version}` };
  const secret: Secret = {
    ...refOf(record.namespace, record.name),
    type: 'helm.sh/release.v1',
    data: { release: encoded },
  };
  await client.apply({ ...secret, metadata: { ...secret.metadata, labels } }, 'helm');
}

export async function readRecord(
  client: KubernetesAccess,
  namespace: string,
  name: string,
): Promise<ReleaseRecord | undefined> {
  const secret = await client.get<Secret>(refOf(namespace, name));
  const encoded = secret?.data?.['release'];
  if (encoded === undefined) return undefined;
  const gzipped = Buffer.from(Buffer.from(encoded, 'base64').toString(), 'base64');
  return JSON.parse(gunzipSync(gzipped).toString()) as ReleaseRecord;
}

export async function deleteRecord(client: KubernetesAccess, namespace: string, name: string): Promise<void> {
  await client.delete(refOf(namespace, name));
}

/** Objects of a release's manifest. */
export function objectsOf(record: ReleaseRecord | undefined): KubernetesObject[] {
  const documents = record?.manifest.split('\n---\n').filter((document) => document.trim() !== '') ?? [];
  return documents.map((document) => JSON.parse(document) as KubernetesObject);
}

export function manifestOf(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

function refOf(
  namespace: string,
  name: string,
): { apiVersion: 'v1'; kind: 'Secret'; metadata: { name: string; namespace: string } } {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: `sh.helm.release.v1.${name}`, namespace } };
}
