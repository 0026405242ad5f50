import type { KubernetesClient } from '#clients/kubernetes/client';
import { TOOLS } from '../status/snapshot';

interface Pod {
  readonly metadata: { readonly name: string; readonly creationTimestamp?: string };
}

const PODS = `/api/v1/namespaces/${TOOLS}/pods`;

/** The log of a Job's newest pod; empty while it has none. */
export async function logsOf(client: KubernetesClient, job: string): Promise<string> {
  const pods = await client.list<Pod>(`${PODS}?labelSelector=job-name%3D${job}`);
  const created = ({ metadata }: Pod) => metadata.creationTimestamp ?? '';
  const [newest] = [...pods].sort((one, other) => created(other).localeCompare(created(one)));
  if (newest === undefined) return '';
  try {
    return await client.text(`${PODS}/${newest.metadata.name}/log`);
  } catch (error) {
    // Its container has not started yet.
    if ((error as { status?: number }).status === 400) return '';
    throw error;
  }
}
