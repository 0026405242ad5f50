/** A container of a pod, run on this machine by its own script: what it mounts becomes folders. For pods whose machine runs no containers. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type ProgramResult } from '#clients/program';
import type { ClusterView } from './cluster-view';

export interface PodContainer {
  /** Of the namespace rt. */
  readonly pod: string;
  readonly container: string;
  /** Folder that holds what is mounted, by its path in the container. What is there stays. */
  readonly root: string;
  /** What runs in place of the container's own command. Paths are the container's. */
  readonly command?: readonly string[];
  /** Beside the container's own environment. */
  readonly env: NodeJS.ProcessEnv;
  /** What a value of a mounted Secret is here. */
  readonly adapt: (value: string) => string;
}

interface PodSpec {
  readonly initContainers: readonly ContainerSpec[];
  readonly containers: readonly ContainerSpec[];
  readonly volumes: readonly VolumeSpec[];
}

interface ContainerSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface VolumeSpec {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
}

type Data = Readonly<Record<string, string>>;

/** In seconds. Far more than any script takes here; one that waits for a store would wait for ever. */
const LIMIT = '120';

/** Of a pod and a container that are there. A script that fails says so by its code. */
export async function runContainer(cluster: ClusterView, wanted: PodContainer): Promise<ProgramResult> {
  const { pod, container, root, env, adapt } = wanted;
  const { spec } = (await cluster.inTools<{ spec: PodSpec }>(`v1/pods/${pod}`))!;
  const all = [...spec.initContainers, ...spec.containers];
  const { command, env: variables, volumeMounts } = all.find(({ name }) => name === container)!;
  const here = pathsBelow(root, volumeMounts);
  for (const { name, mountPath } of volumeMounts) {
    const volume = spec.volumes.find((one) => one.name === name)!;
    const files = await filesOf(cluster, volume, adapt);
    mkdirSync(join(root, mountPath), { recursive: true, mode: 0o700 });
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(root, mountPath, file), here(text), { mode: 0o600 });
    }
  }
  // The one field that a container of ours is told is the name of its pod.
  const own = variables.map(({ name, value }) => [name, here(value ?? pod)] as const);
  const run = [LIMIT, ...(wanted.command ?? command).map(here)];
  return runProgram('timeout', run, { cwd: root, env: { ...env, ...Object.fromEntries(own) } });
}

function pathsBelow(root: string, mounts: ContainerSpec['volumeMounts']): (text: string) => string {
  const all = new RegExp(mounts.map(({ mountPath }) => mountPath).join('|'), 'g');
  return (text) => text.replaceAll(all, (path) => join(root, path));
}

async function filesOf(cluster: ClusterView, volume: VolumeSpec, adapt: PodContainer['adapt']): Promise<Data> {
  const { configMap, secret } = volume;
  if (configMap !== undefined) {
    return (await cluster.inTools<{ data: Data }>(`v1/configmaps/${configMap.name}`))!.data;
  }
  if (secret === undefined) return {};
  const { data } = (await cluster.inTools<{ data: Data }>(`v1/secrets/${secret.secretName}`))!;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, adapt(Buffer.from(value, 'base64').toString())] as const),
  );
}
