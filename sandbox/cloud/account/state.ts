import { randomInt, randomUUID } from 'node:crypto';
import type { Domain } from './resources/domain';
import type { Droplet } from './resources/droplet';
import type { Firewall } from './resources/firewall';
import type { LoadBalancer } from './resources/load-balancer';
import type { Project } from './resources/project';
import type { ReservedIp } from './resources/reserved-ip';
import type { SpacesKey } from './resources/spaces-key';
import type { SshKey } from './resources/ssh-key';
import type { Volume } from './resources/volume';
import type { Vpc } from './resources/vpc';

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
