import { randomInt, randomUUID } from 'node:crypto';
import type { Domain } from './domains';
import type { Droplet } from './droplets';
import type { Firewall } from './firewalls';
import type { LoadBalancer } from './load-balancers';
import type { Project } from './projects';
import type { ReservedIp } from './reserved-ips';
import type { SpacesKey } from './spaces-keys';
import type { SshKey } from './ssh-keys';
import type { Volume } from './volumes';
import type { Vpc } from './vpcs';

/** All that the account holds, as it is saved. */
export interface AccountState {
  readonly owner: { readonly id: number; readonly uuid: string };
  /** Last numbers given away. */
  readonly sequence: { droplet: number; record: number; sshKey: number; publicAddress: number };
  vpcs: Vpc[];
  droplets: Droplet[];
  firewalls: Firewall[];
  loadBalancers: LoadBalancer[];
  reservedIps: ReservedIp[];
  volumes: Volume[];
  domains: Domain[];
  projects: Project[];
  /** Names. */
  tags: string[];
  sshKeys: SshKey[];
  spacesKeys: SpacesKey[];
}

export function emptyState(): AccountState {
  return {
    owner: { id: randomInt(1_000_000, 99_999_999), uuid: randomUUID() },
    // As large as today's real numbers, so that a 32-bit mistake shows.
    sequence: {
      droplet: randomInt(500_000_000, 600_000_000),
      record: 1_790_000_000,
      sshKey: 50_000_000,
      publicAddress: 0,
    },
    vpcs: [],
    droplets: [],
    firewalls: [],
    loadBalancers: [],
    reservedIps: [],
    volumes: [],
    domains: [],
    projects: [],
    tags: [],
    sshKeys: [],
    spacesKeys: [],
  };
}
