/** What of an environment can be in the DigitalOcean account: how each kind is found, recognised and deleted. */
import { isNotFound } from '#clients/failure';
import { EVERY_HOST } from '#config/hosts';
import { ALERT_POLICIES } from '#stacks/network/alerts';
import { cloudNames, type CloudNames } from '#stacks/network/names';
import type { ForgeConfig } from '#config/schema';
import { expiryOf } from '../access/firewalls';
import type { DigitalOceanClient } from '#clients/digitalocean/client';

export interface CloudObject {
  /** Who holds it. */
  readonly at: 'DigitalOcean' | 'GitHub' | 'Spaces';
  /** In words, such as `load balancer`. */
  readonly kind: string;
  readonly name: string;
  /** As Terraform's state has it. */
  readonly id: string;
  /** Where Terraform's state is shown without its id, which is a secret: what the state has instead. */
  readonly knownAs: string;
  /** Path of the API that deletes it; for a bucket its name. */
  readonly path: string;
}

/** What the API tells of an object, as far as it has it. */
interface Listed {
  readonly id?: string | number;
  readonly name?: string;
  readonly uuid?: string;
  readonly description?: string;
  readonly tags?: readonly string[] | null;
  readonly tag?: string;
  readonly access_key?: string;
  readonly ip?: string;
  readonly type?: string;
  readonly vpc_uuid?: string;
  readonly droplet?: { readonly tags: readonly string[] | null } | null;
}

interface Kind {
  readonly kind: string;
  readonly path: string;
  /** Key of the answer that holds the list; the default is the last word of the path. */
  readonly list?: string;
  /** Default: its `id`. */
  readonly idOf?: (object: Listed) => string;
  /** Its id is hidden in the state that commands read. */
  readonly isHidden?: boolean;
  readonly isOurs: (object: Listed, place: Place) => boolean;
}

interface Place {
  readonly config: ForgeConfig;
  readonly names: CloudNames;
  /** Ids of the environment's networks: whatever is in one is of the environment. */
  readonly vpcs: readonly string[];
}

/** A tag keeps the capitals that it was first made with, and is the same tag in any others. */
const isTag = (tag: string, { names }: Place) =>
  [names.cluster, names.servers, names.workers].includes(tag.toLowerCase());
const hasTag = ({ tags, tag = '' }: Listed, place: Place) => [...(tags ?? []), tag].some((one) => isTag(one, place));
/** Exactly our names: another environment's may begin in the same way. */
const isNamed =
  (...things: readonly string[]) =>
  ({ name }: Listed, { names }: Place) =>
    things.some((thing) => name === (thing === '' ? names.cluster : names.of(thing)));

/** In the order in which they can be deleted: members before what holds them. */
const KINDS: readonly Kind[] = [
  // Its alerts go with it.
  { kind: 'uptime check', path: '/v2/uptime/checks', isOurs: isNamed(...EVERY_HOST) },
  {
    kind: 'alert policy',
    path: '/v2/monitoring/alerts',
    list: 'policies',
    idOf: ({ uuid }) => uuid ?? '',
    isOurs: ({ description = '' }, { names }) =>
      ALERT_POLICIES.some((id) => description.startsWith(`${names.of(id)}:`)),
  },
  {
    kind: 'firewall',
    path: '/v2/firewalls',
    isOurs: (firewall, place) =>
      isNamed('nodes', 'servers', 'workers')(firewall, place) ||
      expiryOf(firewall.name ?? '', place.config) !== undefined,
  },
  {
    kind: 'load balancer',
    path: '/v2/load_balancers',
    // Those that the cluster makes for Services have names of its own, but are in the VPC.
    isOurs: (balancer, place) =>
      isNamed('entrance', 'api')(balancer, place) ||
      hasTag(balancer, place) ||
      place.vpcs.includes(balancer.vpc_uuid ?? ''),
  },
  {
    kind: 'reserved IP',
    path: '/v2/reserved_ips',
    idOf: ({ ip }) => ip ?? '',
    isOurs: ({ droplet }, place) => hasTag({ tags: droplet?.tags ?? null }, place),
  },
  { kind: 'droplet', path: '/v2/droplets', isOurs: hasTag },
  { kind: 'volume', path: '/v2/volumes', isOurs: hasTag },
  { kind: 'snapshot', path: '/v2/snapshots', isOurs: hasTag },
  { kind: 'VPC', path: '/v2/vpcs', isOurs: isNamed('') },
  {
    kind: 'Spaces key',
    path: '/v2/spaces/keys',
    idOf: ({ access_key: key }) => key ?? '',
    isHidden: true,
    isOurs: isNamed('etcd-snapshots', 'backups'),
  },
  { kind: 'project', path: '/v2/projects', isOurs: isNamed('') },
  {
    kind: 'tag',
    path: '/v2/tags',
    idOf: ({ name }) => name ?? '',
    isOurs: ({ name = '' }, place) => isTag(name, place),
  },
];

/** Everything in the account that belongs to an environment, in the order in which it can be deleted. */
export async function listEnvironment(client: DigitalOceanClient, config: ForgeConfig): Promise<CloudObject[]> {
  const names = cloudNames(config.name, config.environment);
  const all = await Promise.all(
    KINDS.map(async (kind) => {
      const { path, list = path.split('/').at(-1)! } = kind;
      return { kind, listed: await client.list<Listed>(path, list) };
    }),
  );
  const named = all.find(({ kind }) => kind.kind === 'VPC')!.listed.filter(({ name }) => name === names.cluster);
  const place = { config, names, vpcs: named.map(({ id }) => `${id}`) };
  const found = all.flatMap(({ kind, listed }) =>
    listed.filter((object) => kind.isOurs(object, place)).map((object) => cloudObject(kind, object)),
  );
  return [...(await dnsRecords(client, config)), ...found];
}

function cloudObject({ kind, path, idOf = ({ id }) => `${id}`, isHidden }: Kind, object: Listed): CloudObject {
  const id = idOf(object);
  const name = object.name ?? object.description ?? object.ip ?? id;
  return {
    at: 'DigitalOcean',
    kind,
    name,
    id,
    knownAs: isHidden ? name : id,
    path: `${path}/${encodeURIComponent(id)}`,
  };
}

/** The names of the tools. Left behind, they would lead people to whoever gets the address next. */
async function dnsRecords(client: DigitalOceanClient, { dns, domain }: ForgeConfig): Promise<CloudObject[]> {
  if (!dns.managed) return [];
  const path = `/v2/domains/${domain}/records`;
  const records = await client.list<Listed>(path, 'domain_records').catch((error: unknown) => {
    // A zone that is not in the account has none.
    if (isNotFound(error)) return [];
    throw error;
  });
  const isHost = ({ type, name }: Listed) => type === 'A' && (EVERY_HOST as readonly string[]).includes(name ?? '');
  return records.filter(isHost).map(({ id, name }) => ({
    at: 'DigitalOcean',
    kind: 'DNS record',
    name: `${name}.${domain}`,
    id: `${id}`,
    knownAs: `${id}`,
    path: `${path}/${id}`,
  }));
}
