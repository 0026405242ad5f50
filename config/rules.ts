/** What several keys of forge.yaml must fulfil together. */
import { addressCount, parseCidr } from './cidr';
import { isOfferedIn, sizeOf } from './digitalocean';
import type { Fault, KeyPath } from './fault';
import type { ForgeConfig } from './schema';
import type { Sound } from './schema-faults';
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from './schema/secrets';
import { regionalRangeFault, UNUSABLE_ADDRESSES } from './vpc-range';

type Config = Sound<ForgeConfig>;

/** k3s asks for 2 GiB on a server (docs.k3s.io, Requirements); Argo CD's controller and page may take another 1.3. */
const SERVER_MEMORY_MIB = 4096;
/** k3s itself takes half a GiB of a worker; less leaves no room for a workload. */
const WORKER_MEMORY_MIB = 1024;
/** More is a slip of the keyboard: no account starts with a limit of more than 25 droplets. */
const MOST_NODES = 100;

/** Finds every fault that lies in more than one key. Keys that are absent or wrong are not judged again. */
export function checkRules(config: Config): Fault[] {
  return [
    ...networkRules(config),
    ...sizeRules(config),
    ...poolRules(config),
    ...secretRules(config),
    ...backupRules(config),
    ...mailRules(config),
    ...loginRules(config),
    ...duplicates(config.operators, ['operators'], 'name'),
    ...duplicates(config.operators, ['operators'], 'ageRecipient'),
    ...repeats(config.access?.api, ['access', 'api']),
    ...repeats(config.access?.ssh, ['access', 'ssh']),
    ...repeats(config.access?.web, ['access', 'web']),
    ...repeats(config.maintenance?.days, ['maintenance', 'days']),
    ...repeats(config.alerts?.email, ['alerts', 'email']),
  ];
}

function backupRules({ backups, state }: Config): Fault[] {
  const second = backups?.secondRegion;
  if (second === undefined || second !== state?.region) return [];
  const allowed = 'another region than state.region, where the first copy is';
  return [{ path: ['backups', 'secondRegion'], found: second, allowed }];
}

function mailRules({ mail, secrets }: Config): Fault[] {
  const hasPassword = secrets?.some(
    (secret) => secret?.name === 'mail-secret' && secret.namespace === 'rt' && secret.data?.['password'] !== undefined,
  );
  if (mail === undefined || secrets === undefined || hasPassword) return [];
  const allowed = 'the secret mail-secret in rt with the key password: docs/mail.md';
  return [{ path: ['secrets'], found: 'no password of the mail server', allowed }];
}

function loginRules({ login }: Config): Fault[] {
  if (login === undefined) return [];
  const { github, people } = login;
  const found =
    github && people ? 'both github and people' : github || people ? undefined : 'neither github nor people';
  const allowed = 'one of them: accounts at GitHub, or passwords of our own';
  return [
    ...(found === undefined ? [] : [{ path: ['login'], found, allowed }]),
    ...repeats(github?.teams, ['login', 'github', 'teams']),
    ...duplicates(people, ['login', 'people'], 'name'),
    ...repeats(
      people?.map((person) => person?.email?.toLowerCase()),
      ['login', 'people'],
    ).map((fault) => ({ ...fault, path: [...fault.path, 'email'] })),
  ];
}

function networkRules({ network, region, servers, workers }: Config): Fault[] {
  const cidr = network?.cidr;
  if (cidr === undefined) return [];
  const path = ['network', 'cidr'];
  const regional = region === undefined ? undefined : regionalRangeFault(cidr, region);
  if (regional !== undefined) return [{ path, found: `${cidr} in ${region}`, allowed: regional }];
  // A replacement has the old and the new nodes of a pool at the same time.
  const needed = (servers?.count ?? 1) + 2 * workerCount(workers) + UNUSABLE_ADDRESSES;
  const size = addressCount(parseCidr(cidr)!);
  if (BigInt(needed) <= size) return [];
  const found = `${cidr}, which has ${size} addresses`;
  const allowed = `a range of at least ${needed} addresses: servers, workers twice (while a pool is replaced), and ${UNUSABLE_ADDRESSES} that no node gets`;
  return [{ path, found, allowed }];
}

function sizeRules({ region, servers, workers }: Config): Fault[] {
  const pools = (workers ?? []).map((pool, index) => ({
    path: ['workers', index, 'size'],
    size: pool?.size,
    memory: WORKER_MEMORY_MIB,
  }));
  const all = [{ path: ['servers', 'size'], size: servers?.size, memory: SERVER_MEMORY_MIB }, ...pools];
  return all.flatMap(({ path, size, memory }) => {
    if (size === undefined) return [];
    if ((sizeOf(size)?.memoryMiB ?? memory) < memory) {
      return [{ path, found: size, allowed: `a size with at least ${memory / 1024} GiB of memory` }];
    }
    if (region === undefined || isOfferedIn(size, region)) return [];
    return [
      {
        path,
        found: `${size} in ${region}`,
        allowed: `a size that ${region} has (config/digitalocean-catalogue.json)`,
      },
    ];
  });
}

function poolRules({ servers, workers }: Config): Fault[] {
  if (workers === undefined) return [];
  const faults = duplicates(workers, ['workers'], 'name');
  workers.forEach((pool, index) => faults.push(...taintRules(pool?.taints, ['workers', index, 'taints'])));
  if (workers.every(takesNoWorkloads)) {
    const allowed =
      'at least one pool with a node and without a taint NoSchedule or NoExecute: servers take no workloads';
    faults.push({ path: ['workers'], found: 'no node that takes workloads', allowed });
  }
  const nodes = (servers?.count ?? 1) + workerCount(workers);
  if (nodes > MOST_NODES)
    faults.push({ path: ['workers'], found: `${nodes} nodes in all`, allowed: `up to ${MOST_NODES}` });
  return faults;
}

function takesNoWorkloads(pool: NonNullable<Config['workers']>[number]): boolean {
  if (pool === undefined) return false;
  return (
    pool.count === 0 || (pool.taints ?? []).some((taint) => taint !== undefined && /:No(Schedule|Execute)$/.test(taint))
  );
}

function taintRules(taints: readonly (string | undefined)[] | undefined, path: KeyPath): Fault[] {
  // Kubernetes tells taints apart by key and effect.
  const kinds = taints?.map((taint) => taint?.replace(/=[^:]*/, ''));
  return repeats(kinds, path);
}

function secretRules({ secrets }: Config): Fault[] {
  const places = secrets?.map((secret) => secret?.namespace && secret.name && `${secret.namespace}/${secret.name}`);
  const faults = repeats(places, ['secrets']);
  secrets?.forEach((secret, index) => {
    if (places?.[index] === 'kube-system/digitalocean') {
      const allowed = 'another name: this secret holds FORGE_CLUSTER_TOKEN already';
      faults.push({ path: ['secrets', index, 'name'], found: 'kube-system/digitalocean', allowed });
    }
    const keys = Object.keys(secret?.data ?? {});
    if (secret?.type === DOCKER_CONFIG_TYPE && keys.length > 0 && keys.join() !== DOCKER_CONFIG_KEY) {
      const allowed = `exactly the key ${DOCKER_CONFIG_KEY}, as the type is ${DOCKER_CONFIG_TYPE}`;
      faults.push({ path: ['secrets', index, 'data'], found: `the keys ${keys.join(', ')}`, allowed });
    }
  });
  return faults;
}

function workerCount(workers: Config['workers']): number {
  return (workers ?? []).reduce((sum, pool) => sum + (pool?.count ?? 0), 0);
}

/** Items of which an earlier one has the same value under a key. */
function duplicates<K extends string>(
  items: readonly ({ readonly [P in K]?: string } | undefined)[] | undefined,
  path: KeyPath,
  key: K,
): Fault[] {
  const values = items?.map((item) => item?.[key]);
  return repeats(values, path).map((fault) => ({ ...fault, path: [...fault.path, key] }));
}

/** Texts that an earlier item of the list has already. */
function repeats(items: readonly (string | undefined)[] | undefined, path: KeyPath): Fault[] {
  return (items ?? []).flatMap((item, index) => {
    const first = items!.indexOf(item);
    if (item === undefined || first === index) return [];
    return [
      { path: [...path, index], found: `${item}, as in item ${first}`, allowed: 'something that stands there once' },
    ];
  });
}
