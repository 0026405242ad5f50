/** The private network and the ways in. */
import { z } from 'zod';
import { formatCidr, parseCidr } from '../cidr';
import { vpcRangeFault } from '../vpc-range';
import { flag, integer } from './values';

const ACCESS = 'an address range such as 203.0.113.7/32 or 2001:db8::/48';

export const network = z
  .strictObject({
    cidr: z
      .string('a private IPv4 range between /16 and /28, such as 10.110.0.0/20')
      .superRefine((value, context) => refuse(vpcRangeFault(value), context))
      .describe('Private range of the nodes (VPC). No other VPC of the account may overlap it. For life.'),
  })
  .describe('The private network of the nodes.');

const accessRange = z.string(ACCESS).superRefine((value, context) => refuse(accessFault(value), context));
const webRange = z.string(ACCESS).superRefine((value, context) => refuse(rangeFault(value), context));
const EVERYBODY = ['0.0.0.0/0', '::/0'];

function accessList(what: string): z.ZodDefault<z.ZodArray<typeof accessRange>> {
  return z.array(accessRange).default([]).describe(what);
}

export const access = z
  .strictObject({
    api: accessList('Who may reach the Kubernetes API, besides the nodes. Empty: nobody.'),
    ssh: accessList('Who may reach SSH on the nodes. Empty: nobody, and the nodes get no SSH key.'),
    web: z
      .array(webRange)
      .min(1, `at least one range; for everybody: [${EVERYBODY.join(', ')}]`)
      .default(EVERYBODY)
      .describe('Who may reach the pages of the tools, and Git over SSH.'),
  })
  .prefault({})
  .describe('Address ranges that may reach what is closed to all others.');

const SSH_PORT = 'a port of the load balancer, 1 to 65535, but 80 and 443';

export const git = z
  .strictObject({
    sshPort: integer(1, 65_535, SSH_PORT)
      .refine((port) => port !== 80 && port !== 443, SSH_PORT)
      .default(22)
      .describe('Port of the load balancer at which Gitea takes Git over SSH.'),
  })
  .prefault({})
  .describe('How Git reaches Gitea, besides HTTPS.');

export const dns = z
  .strictObject({
    managed: flag()
      .default(true)
      .describe('Whether Terraform makes the records; the domain must then be in the same DigitalOcean account.'),
  })
  .prefault({})
  .describe('DNS records of the forge.');

function accessFault(text: string): string | undefined {
  if (parseCidr(text)?.prefix === 0) {
    return `${ACCESS}, but not the whole Internet: access is closed by default and opened by name`;
  }
  return rangeFault(text);
}

function rangeFault(text: string): string | undefined {
  const cidr = parseCidr(text);
  if (cidr === undefined) {
    const alone = [`${text}/128`, `${text}/32`].find(parseCidr);
    return alone === undefined ? ACCESS : `${ACCESS}; for this address alone: ${alone}`;
  }
  return formatCidr(cidr) === text ? undefined : `${ACCESS}; write this one as ${formatCidr(cidr)}`;
}

function refuse(fault: string | undefined, context: z.RefinementCtx): void {
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
}
