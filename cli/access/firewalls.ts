/** Firewalls that open the Kubernetes API to one address for a while. Their names say until when, and who opened. */
import { randomBytes } from 'node:crypto';
import type { ForgeConfig } from '#config/schema';
import { kubernetesNetwork } from '#stacks/network/kubernetes-network';
import { cloudNames } from '#stacks/network/names';
import type { DigitalOceanClient } from '#clients/digitalocean/client';

/** A firewall of `forge access open`. */
export interface Opening {
  readonly id: string;
  readonly name: string;
  /** The address that is let in. */
  readonly address: string;
  readonly expires: Date;
  /** See openerMark. */
  readonly opener: string;
}

type Place = Pick<ForgeConfig, 'name' | 'environment'>;

interface Firewall {
  readonly id: string;
  readonly name: string;
  readonly inbound_rules?: readonly { readonly sources?: { readonly addresses?: readonly string[] } }[] | null;
}

const PATH = '/v2/firewalls';

/** Every opening of this environment, those of others by no means. */
export async function listOpenings(client: DigitalOceanClient, place: Place): Promise<Opening[]> {
  const firewalls = await client.list<Firewall>(PATH, 'firewalls');
  return firewalls.flatMap((firewall) => {
    const parsed = parseName(firewall.name, place);
    return parsed === undefined
      ? []
      : [{ id: firewall.id, name: firewall.name, address: addressOf(firewall), ...parsed }];
  });
}

/** Lets one address reach the API of every server until a moment. Servers are found by tag, so new ones are open, too. */
export async function createOpening(
  client: DigitalOceanClient,
  place: Place,
  wanted: Pick<Opening, 'address' | 'expires' | 'opener'>,
): Promise<Opening> {
  const { address, expires, opener } = wanted;
  const name = `${prefixOf(place)}${compact(expires)}-${opener}-${randomBytes(2).toString('hex')}`;
  const sources = { addresses: [`${address}/32`] };
  const { firewall } = await client.post<{ firewall: Firewall }>(PATH, {
    name,
    tags: [cloudNames(place.name, place.environment).servers],
    inbound_rules: [{ protocol: 'tcp', ports: `${kubernetesNetwork.apiPort}`, sources }],
    outbound_rules: [],
  });
  return { id: firewall.id, name, ...wanted };
}

/** False when it was gone already. */
export function removeOpening(client: DigitalOceanClient, { id }: Pick<Opening, 'id'>): Promise<boolean> {
  return client.delete(`${PATH}/${encodeURIComponent(id)}`);
}

/** When an opening of this environment ends, by its name; undefined for the name of anything else. */
export function expiryOf(name: string, place: Place): Date | undefined {
  return parseName(name, place)?.expires;
}

function parseName(name: string, place: Place): Pick<Opening, 'expires' | 'opener'> | undefined {
  const prefix = prefixOf(place);
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([0-9a-f]{6})-[0-9a-f]{4}$/.exec(rest);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second, opener] = found.slice(1) as [string, string, ...string[]];
  const expires = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(expires.getTime()) ? undefined : { expires, opener: opener! };
}

/** `20261123T101500Z`: names of firewalls take no colon. */
function compact(moment: Date): string {
  return moment.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function addressOf({ inbound_rules: rules }: Firewall): string {
  const addresses = (rules ?? []).flatMap(({ sources }) => sources?.addresses ?? []);
  return addresses.map((address) => address.replace(/\/32$/, '')).join(', ');
}

function prefixOf({ name, environment }: Place): string {
  return cloudNames(name, environment).of('access-');
}
