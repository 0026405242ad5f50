/** What of an environment nobody answers for: neither Terraform's state nor the running cluster. */
import { STACKS } from '#stacks/stack-names';
import { expiryOf } from '../access/firewalls';
import { clusterAccess } from '../kubeconfig/cluster-access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { readState } from '../state/state-file';
import { stateKeyOf } from '../state/stacks';
import type { Terminal } from '../output/terminal';
import { listEnvironment, type CloudObject } from './kinds';
import type { CloudSession } from './session';

export interface Orphans {
  readonly found: readonly CloudObject[];
  /** Volumes of a cluster that could not be asked whether it needs them: left alone. */
  readonly undecided: readonly CloudObject[];
  /** Whether any stack of the environment has a Terraform state, however empty. */
  readonly isStateThere: boolean;
}

export async function findOrphans(session: CloudSession): Promise<Orphans> {
  const { cloud, config } = session;
  const [listed, states] = await Promise.all([listEnvironment(cloud, config), readStates(session)]);
  const managed = managedIds(states);
  const isStateThere = states.length > 0;
  const unmanaged = listed.filter(
    ({ kind, knownAs }) => !managed.has(knownAs) && !(kind === 'tag' && managed.size > 0),
  );
  // Openings have their own end: `forge access sweep`.
  const candidates = unmanaged.filter(({ name }) => !((expiryOf(name, config) ?? 0) > new Date()));
  if (managed.size === 0 || !candidates.some(isVolume)) return { found: candidates, undecided: [], isStateThere };
  const used = await volumesInUse(session.terminal);
  if (used !== undefined) return { found: candidates.filter(({ id }) => !used.has(id)), undecided: [], isStateThere };
  return {
    found: candidates.filter((object) => !isVolume(object)),
    undecided: candidates.filter(isVolume),
    isStateThere,
  };
}

function isVolume({ kind }: CloudObject): boolean {
  return kind === 'volume';
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

interface PersistentVolume {
  readonly spec: { readonly csi?: { readonly volumeHandle: string } };
}

/** Undefined when the cluster does not answer. */
async function volumesInUse(terminal: Terminal): Promise<Set<string> | undefined> {
  try {
    const client = new KubernetesClient(await clusterAccess(terminal, 'admin'));
    try {
      if (!(await client.isReady())) return undefined;
      const volumes = await client.list<PersistentVolume>('/api/v1/persistentvolumes');
      return new Set(volumes.flatMap(({ spec }) => spec.csi?.volumeHandle ?? []));
    } finally {
      client.close();
    }
  } catch {
    return undefined;
  }
}
