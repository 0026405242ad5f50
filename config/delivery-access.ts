/**
 * What the tokens and keys of GitHub's environments may do: enough for their workflows, and no more. docs/delivery.md says it to
 * people, and the sandbox gives out such tokens and keys.
 */

const VERBS = ['create', 'read', 'update', 'delete'];
/** What a deploy makes, changes and deletes. */
const MANAGED = [
  'droplet',
  'vpc',
  'firewall',
  'load_balancer',
  'reserved_ip',
  'domain',
  'tag',
  'project',
  'spaces_key',
  'block_storage',
  'block_storage_snapshot',
  'monitoring',
  'uptime',
];
/** What it only asks for. */
const ASKED = ['account', 'actions', 'image', 'regions', 'sizes', 'snapshot', 'ssh_key'];
/** DigitalOcean's API reference has no `update` for them. */
const NEVER_UPDATED = ['tag', 'block_storage', 'block_storage_snapshot'];

const READ = [...MANAGED, ...ASKED].map((kind) => `${kind}:read`);
const everyVerb = (kind: string) =>
  VERBS.filter((verb) => verb !== 'update' || !NEVER_UPDATED.includes(kind)).map((verb) => `${kind}:${verb}`);
const unique = (scopes: readonly string[]) => [...new Set(scopes)];

const REPOSITORY = ['administration', 'variables', 'webhooks'];

export const GITHUB_ENVIRONMENTS = ['production', 'drift', 'plan'] as const;
export type GithubEnvironment = (typeof GITHUB_ENVIRONMENTS)[number];

export interface DeliveryAccess {
  /** Scopes of DIGITALOCEAN_TOKEN, `<kind>:<verb>`. */
  readonly digitalOcean: readonly string[];
  /** Of the Spaces key: everything, or to read the states and etcd's snapshots, or the copies of the states without secrets. */
  readonly spaces: 'full' | 'read-state-and-snapshots' | 'read-copies';
  /** Permissions of FORGE_GITHUB_TOKEN for the repository; to write includes to read. */
  readonly github: readonly string[];
}

export const DELIVERY_ACCESS: Readonly<Record<GithubEnvironment, DeliveryAccess>> = {
  production: {
    digitalOcean: unique([...MANAGED.flatMap(everyVerb), ...READ]),
    spaces: 'full',
    github: REPOSITORY.map((permission) => `${permission}:write`),
  },
  drift: {
    digitalOcean: unique([...READ, ...everyVerb('firewall')]),
    spaces: 'read-state-and-snapshots',
    github: REPOSITORY.map((permission) => `${permission}:read`),
  },
  plan: {
    digitalOcean: READ,
    spaces: 'read-copies',
    github: REPOSITORY.map((permission) => `${permission}:read`),
  },
};

/** Scopes of FORGE_CLUSTER_TOKEN: what the cloud controller manager and the volume driver do inside the cluster. */
export const CLUSTER_SCOPES: readonly string[] = [
  'account:read',
  'actions:read',
  'block_storage:create',
  'block_storage:delete',
  'block_storage:read',
  'block_storage_action:create',
  'block_storage_action:read',
  'droplet:read',
  'image:read',
  'load_balancer:read',
  'regions:read',
  'sizes:read',
  'snapshot:read',
  'tag:create',
  'tag:read',
  'vpc:read',
];

/** Names of the secrets that are tokens or keys, with a value of its own in each environment. */
export const TOKEN_SECRETS = [
  'DIGITALOCEAN_TOKEN',
  'SPACES_ACCESS_KEY_ID',
  'SPACES_SECRET_ACCESS_KEY',
  'FORGE_GITHUB_TOKEN',
] as const;
