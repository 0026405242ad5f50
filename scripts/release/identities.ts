/** What makes each resource the one that it is: Terraform makes another one when a part of it changes. */
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { githubProvider } from '#sandbox/cloud/terraform/github/provider';
import { helmProvider } from '#sandbox/cloud/terraform/helm/provider';
import { kubernetesProvider } from '#sandbox/cloud/terraform/kubernetes/provider';
import { randomProvider } from '#sandbox/cloud/terraform/random/provider';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';

/** Attributes whose change makes another resource, as written, by their path. */
export type Identity = Readonly<Record<string, unknown>>;

/** By address, such as `digitalocean_vpc.vpc`. */
export type Identities = Readonly<Record<string, Identity>>;

interface Lifecycle {
  readonly ignore_changes?: 'all' | readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

const FORCE_NEW: Readonly<Record<string, readonly string[] | undefined>> = Object.fromEntries(
  [
    digitalOceanProvider(''),
    githubProvider(''),
    helmProvider(''),
    kubernetesProvider(),
    randomProvider(),
    tlsProvider(),
  ].flatMap(({ resources }) => Object.entries(resources).map(([type, { forceNew }]) => [type, forceNew])),
);

/** @param stack what it synthesises to, as JSON */
export function identitiesOf(stack: {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}): Identities {
  const all = Object.entries(stack.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([name, attributes]) => [`${type}.${name}`, identityOf(type, attributes)] as const),
  );
  return Object.fromEntries(all.sort(([one], [other]) => one.localeCompare(other)));
}

/** Addresses that Terraform would destroy or replace on the way from one to the other, with why. */
export function lost(before: Identities, after: Identities): Record<string, string> {
  const reasons: Record<string, string> = {};
  for (const [address, identity] of Object.entries(before)) {
    const now = after[address];
    if (now === undefined) reasons[address] = 'destroyed';
    const changed = Object.keys({ ...identity, ...now }).find((path) => text(identity[path]) !== text(now?.[path]));
    if (now !== undefined && changed !== undefined) reasons[address] = `replaced: another ${changed}`;
  }
  // Who is known by another's attribute goes with it.
  for (let known = -1; known !== Object.keys(reasons).length;) {
    known = Object.keys(reasons).length;
    for (const address of Object.keys(before).filter((one) => !(one in reasons) && one in after)) {
      const cause = Object.keys(reasons).find((gone) => text(after[address]).includes(`\${${gone}.`));
      if (cause !== undefined) reasons[address] = `replaced: with ${cause}`;
    }
  }
  return reasons;
}

function identityOf(type: string, attributes: Json): Identity {
  const { ignore_changes: ignored = [] } = (attributes['lifecycle'] ?? {}) as Lifecycle;
  const counts = (path: string) => ignored !== 'all' && !ignored.includes(path.split('.')[0]!);
  const values = (FORCE_NEW[type] ?? []).filter(counts).map((path) => [path, valueAt(attributes, path)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Identity;
}

/** All values at a path; a list of blocks yields one value for each. */
function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  if (Array.isArray(value)) return value.map((item) => valueAt(item, path));
  const [name, ...rest] = path.split('.') as [string, ...string[]];
  if (typeof value !== 'object' || value === null) return undefined;
  return valueAt((value as Json)[name], rest.join('.'));
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
