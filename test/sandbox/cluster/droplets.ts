/** Droplets with the user data that the network stack gives them. */
import { createHash } from 'node:crypto';
import { k3sRelease } from '#config/k3s-releases';
import type { MachineOrder } from '#sandbox/cloud/machines';
import { agentUserData, serverUserData, type ServerUserDataProps } from '#stacks/network/cloud-init/render';
import type { PkiFile } from '#stacks/network/pki';
import { pemOf } from './k3s/pki-files';
import { LOOPBACK_NETWORK } from '#test/loopback-network';

export const K3S = k3sRelease('v1.36.4+k3s1');
export const SERVER_PASSWORD = 'server-password-of-48-characters';
export const AGENT_PASSWORD = 'agent-password-of-48-characters';

export const SNAPSHOTS = {
  endpoint: 'fra1.digitaloceanspaces.com',
  region: 'fra1',
  bucket: 'snapshots',
  folder: 'forge-test',
  accessKey: 'DO00TEST',
  secretKey: 'secret',
};

const SMALL = { slug: 's-2vcpu-4gb', vcpus: 2, memoryMiB: 4096, diskGiB: 80 };

/** Makes the droplets of a cluster on loopback addresses that only this test process uses. */
export interface Plot {
  readonly apiAddress: string;
  readonly pki: readonly PkiFile[];
  server(number: number, changes?: Partial<ServerUserDataProps>): MachineOrder;
  worker(
    number: number,
    changes?: { token?: string; labels?: Record<string, string>; taints?: string[] },
  ): MachineOrder;
}

/** @param servers how many its cluster has, for the user data of each */
export function plot(pki: readonly PkiFile[], block = 0, servers: 1 | 3 = 1): Plot {
  const apiAddress = `${LOOPBACK_NETWORK}.${block}.10`;
  const hash = createHash('sha256').update(pemOf(pki, 'server-ca.crt')).digest('hex');
  const droplet = (id: number, name: string, role: string, userData: string): MachineOrder => ({
    id,
    name,
    region: 'fra1',
    size: SMALL,
    tags: ['forge-test', `forge-test-${role}`],
    publicAddress: `${LOOPBACK_NETWORK}.${block}.${100 + (id % 100)}`,
    privateAddress: `10.20.0.${id % 100}`,
    userData: asTerraformWouldRender(userData),
  });
  return {
    apiAddress,
    pki,
    server(number, changes = {}) {
      const role = number === 1 ? 'seed' : 'joiner';
      const name = `forge-test-server-${number}`;
      const props: ServerUserDataProps = {
        name,
        role,
        servers,
        apiAddress,
        k3s: K3S,
        serverPassword: SERVER_PASSWORD,
        agentPassword: AGENT_PASSWORD,
        administrator: 'forge:admin-1',
        joinToken: `K10${hash}::server:${SERVER_PASSWORD}`,
        clusterCidr: '10.42.0.0/16',
        serviceCidr: '10.43.0.0/16',
        clusterDns: '10.43.0.10',
        snapshots: SNAPSHOTS,
        snapshotSchedule: '0 */6 * * *',
        snapshotRetention: 3,
        ...(role === 'seed' ? { pki } : {}),
        ...changes,
      };
      return droplet(1000 + number, name, 'server', serverUserData(props));
    },
    worker(
      number,
      { token = `K10${hash}::node:${AGENT_PASSWORD}`, labels = { 'forge/pool': 'main' }, taints = [] } = {},
    ) {
      const name = `forge-test-main-g1-${number}`;
      const userData = agentUserData({ name, apiAddress, token, k3s: K3S, labels, taints });
      return droplet(1050 + number, name, 'worker', userData);
    },
  };
}

/** The user data is a Terraform template: a doubled sign stands for itself. */
function asTerraformWouldRender(template: string): string {
  return template.replace(/([$%])\1\{/g, '$1{');
}
