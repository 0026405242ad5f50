/** What of an environment nobody answers for: neither Terraform's state nor the running cluster. */
import { isNotFound } from '#clients/failure';
import { STACKS } from '#stacks/stack-names';
import { expiryOf } from '../access/firewalls';
import { clusterAccess } from '../kubeconfig/cluster-access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { readState } from '../state/state-file';
import { stateKeyOf } from '../state/stacks';
import type { Terminal } from '../output/terminal';
import { listAtGithub } from './at-github';
import { listEnvironment, type CloudObject } from './kinds';
import type { CloudSession } from './session';

export interface Orphans {
  readonly found: readonly CloudObject[];
  /** What a cluster made, which could not be asked whether it needs it: left alone. */
  readonly undecided: readonly CloudObject[];
  /** Whether any stack of the environment has a Terraform state, however empty. */
  readonly isStateThere: boolean;
  /** Whether machines run, or a state has anything. */
  readonly isAlive: boolean;
  /** False without GITHUB_TOKEN. */
  readonly sawGithub: boolean;
}

/** @param isStateLost what the cluster made is nobody's, too, when there is no state and so no way to ask it */
export async function findOrphans(session: CloudSession, isStateLost = false): Promise<Orphans> {
  const { config, terminal } = session;
  const { listed, states, managed, unmanaged } = await listUnmanaged(session);
  const atGithub = await listAtGithub(terminal, config);
  const isStateThere = states.length > 0;
  const isAlive = managed.size > 0 || listed.some(({ kind }) => kind === 'droplet');
  const about = { isStateThere, isAlive, sawGithub: atGithub !== undefined };
  const candidates = [
    ...unmanaged.filter(({ kind }) => !(kind === 'tag' && managed.size > 0)),
    ...(atGithub ?? []).filter(({ knownAs }) => !managed.has(knownAs)),
  ];
  const all = { found: candidates, undecided: [], ...about };
  if (!isAlive || !candidates.some(isOfCluster)) return all;
  const used = await inUse(terminal);
  if (used !== undefined) return { ...all, found: candidates.filter(({ id }) => !used.has(id)) };
  if (isStateLost && !isStateThere) return all;
  return {
    found: candidates.filter((object) => !isOfCluster(object)),
    undecided: candidates.filter(isOfCluster),
    ...about,
  };
}

interface Unmanaged {
  readonly listed: readonly CloudObject[];
  readonly states: readonly State[];
  /** Ids in the states. */
  readonly managed: ReadonlySet<string>;
  readonly unmanaged: readonly CloudObject[];
}

/** What is in the DigitalOcean account that Terraform does not know of. */
export async function listUnmanaged(session: CloudSession): Promise<Unmanaged> {
  const { cloud, config } = session;
  const [listed, states] = await Promise.all([listEnvironment(cloud, config), readStates(session)]);
  const managed = managedIds(states);
  // Openings have their own end: `forge access sweep`.
  const isOpening = ({ name }: CloudObject) => (expiryOf(name, config) ?? 0) > new Date();
  return {
    listed,
    states,
    managed,
    unmanaged: listed.filter((object) => !managed.has(object.knownAs) && !isOpening(object)),
  };
}

/** Kinds that the cluster makes by itself: volumes and their snapshots for claims, load balancers for Services. */
const OF_CLUSTER = ['volume', 'snapshot', 'load balancer'];

export function isOfCluster({ kind }: CloudObject): boolean {
  return OF_CLUSTER.includes(kind);
}

type State = NonNullable<Awaited<ReturnType<typeof readState>>>;

async function readStates({ spaces, config }: CloudSession): Promise<State[]> {
  const states = await Promise.all(STACKS.map((stack) => readState(spaces, stateKeyOf(config, stack))));
  return states.filter((state) => state !== undefined);
}

/** Ids in the states; a firewall of `forge access` is in none, and is no orphan before its time is over. */
function managedIds(states: readonly State[]): Set<string> {
  const instances = states.flatMap(({ resources }) => resources).filter(({ mode }) => mode === 'managed');
  const attributes = instances.flatMap((resource) => resource.instances.map((instance) => instance.attributes ?? {}));
  const ids = attributes.flatMap((values) => [
    values['id'],
    values['ip_address'],
    values['access_key'],
    values['name'],
  ]);
  return new Set(ids.filter((id) => typeof id === 'string'));
}

interface ClusterObject {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly csi?: { readonly volumeHandle: string } };
  readonly status?: { readonly snapshotHandle?: string };
}

/** Written by the cloud controller manager. */
const BALANCER_ID = 'kubernetes.digitalocean.com/load-balancer-id';
const USERS = [
  '/api/v1/persistentvolumes',
  '/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents',
  '/api/v1/services',
];

/** Ids of what the cluster uses; undefined when it does not answer. */
async function inUse(terminal: Terminal): Promise<Set<string> | undefined> {
  try {
    const client = new KubernetesClient(await clusterAccess(terminal));
    try {
      if (!(await client.isReady())) return undefined;
      const lists = await Promise.all(USERS.map((path) => listOrNone(client, path)));
      return new Set(
        lists.flat().flatMap(({ metadata, spec, status }) => {
          const ids = [spec?.csi?.volumeHandle, status?.snapshotHandle, metadata?.annotations?.[BALANCER_ID]];
          return ids.filter((id) => id !== undefined);
        }),
      );
    } finally {
      client.close();
    }
  } catch {
    return undefined;
  }
}

/** A kind that the cluster does not know has no objects. */
export async function listOrNone<T = ClusterObject>(client: KubernetesClient, path: string): Promise<T[]> {
  try {
    return await client.list<T>(path);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
