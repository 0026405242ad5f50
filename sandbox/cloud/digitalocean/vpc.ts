/** VPCs: private networks of one region. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { formatCidr, overlaps, parseCidr } from '#config/cidr';
import { regionOf } from '#config/digitalocean';
import { bodyOf } from '../http/request-body';
import { route } from '../http/routes';
import { collection, everything, timestamp, type Account } from './account';
import { isPrivate } from './address-ranges';
import { created, one, type DigitalOceanRoute } from './answers';
import { conflict, unprocessable } from './errors';
import { usualRoutes } from './usual-routes';

const vpc = z.object({
  id: z.string(),
  urn: z.string(),
  name: z.string().regex(/^[A-Za-z0-9.-]{1,255}$/, 'can only contain letters, numbers, dashes and periods'),
  description: z.string().max(255, 'is too long (maximum is 255 characters)'),
  region: z.string(),
  /** CIDR between /16 and /28; a free /20 when the caller names none. */
  ip_range: z.string(),
  /** The region's default VPC takes what names none. */
  default: z.boolean(),
  created_at: z.string(),
});
type Vpc = z.infer<typeof vpc>;

const changeRequest = vpc.pick({ name: true }).extend({ description: vpc.shape.description.default('') });
const createRequest = changeRequest.extend({ region: z.string(), ip_range: z.string().optional() });

/** DigitalOcean keeps these for its managed Kubernetes and for itself (docs, "Plan your VPC network"). */
const RESERVED = ['10.244.0.0/16', '10.245.0.0/16', '10.246.0.0/24', '10.229.0.0/16'].map((text) => parseCidr(text)!);

const vpcs = collection<Vpc>('vpcs', 'id');

export const vpcRoutes: readonly DigitalOceanRoute[] = [
  route('POST /v2/vpcs', 'vpc:create', ({ account }, request) =>
    created('vpc', addVpc(account, bodyOf(request, createRequest), false)),
  ),
  ...usualRoutes({
    held: vpcs,
    key: 'vpc',
    beforeDelete: (account, found) => {
      if (found.default) throw conflict('Can not delete default VPCs');
      // 409 as measured; the API's documentation says 403.
      if (everything(account).some(({ vpc_uuid }) => vpc_uuid === found.id)) {
        throw conflict('Can not delete VPC with members');
      }
    },
  }),
  route('PUT /v2/vpcs/{id}', 'vpc:update', ({ account }, request) => {
    const found = vpcs.find(account, request.params['id']);
    const change = bodyOf(request, changeRequest);
    checkName(account, change.name, found);
    return one('vpc', Object.assign(found, change));
  }),
];

/** The VPC for a droplet or a load balancer: the named one, which must be in the region, or the region's default. */
export function placeInVpc(account: Account, region: string, id: string | undefined): Vpc {
  if (id !== undefined) {
    const found = vpcs.find(account, id);
    if (found.region !== region) throw unprocessable(`VPC ${found.name} is in ${found.region}, not in ${region}.`);
    return found;
  }
  const existing = vpcs.of(account).find((one) => one.default && one.region === region);
  return existing ?? addVpc(account, { name: `default-${region}`, description: '', region }, true);
}

function addVpc(account: Account, wanted: z.infer<typeof createRequest>, isDefault: boolean): Vpc {
  checkName(account, wanted.name, undefined);
  if (regionOf(wanted.region) === undefined) throw unprocessable('region is invalid');
  const { ip_range = freeRange(account), ...rest } = wanted;
  checkRange(account, ip_range);
  const id = randomUUID();
  const added = { id, urn: `do:vpc:${id}`, ...rest, ip_range, default: isDefault, created_at: timestamp() };
  return vpcs.add(account, added);
}

function checkName(account: Account, name: string, own: Vpc | undefined): void {
  if (vpcs.of(account).some((one) => one.name === name && one !== own)) {
    throw unprocessable('a VPC with the same name already exists in your account');
  }
}

function checkRange(account: Account, text: string): void {
  const range = parseCidr(text);
  if (range?.version !== 4 || formatCidr(range) !== text) throw unprocessable(`${text} is not a valid IP range`);
  if (range.prefix < 16 || range.prefix > 28) throw unprocessable('IP range must be between /16 and /28');
  if (!isPrivate(range)) throw unprocessable('IP range must be within private address space (RFC 1918)');
  if (RESERVED.some((block) => overlaps(block, range))) throw unprocessable('This range/size is reserved');
  const other = vpcs.of(account).find(({ ip_range }) => overlaps(parseCidr(ip_range)!, range));
  if (other !== undefined) {
    const whose = `${other.name} ${other.ip_range}`;
    throw unprocessable(`This range/size overlaps with another VPC network in your account: ${whose}.`);
  }
}

function freeRange(account: Account): string {
  const taken = [...RESERVED, ...vpcs.of(account).map(({ ip_range }) => parseCidr(ip_range)!)];
  for (let second = 100; second < 256; second += 1) {
    for (let third = 0; third < 256; third += 16) {
      const candidate = parseCidr(`10.${second}.${third}.0/20`)!;
      if (!taken.some((range) => overlaps(range, candidate))) return formatCidr(candidate);
    }
  }
  throw unprocessable('No IP range is left');
}
