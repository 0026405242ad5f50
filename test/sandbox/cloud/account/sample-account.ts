/** An emulated account in a temporary folder, with a runtime that only takes notes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccount, type AccountOptions } from '#sandbox/cloud/account/account';
import { createDroplet, untilActive, type DropletRequest } from '#sandbox/cloud/account/droplets';
import type { FirewallRequest } from '#sandbox/cloud/account/firewalls';
import type { Droplet } from '#sandbox/cloud/account/resources/droplet';
import type { FirewallRule } from '#sandbox/cloud/account/resources/firewall';
import type { LoadBalancerSettings } from '#sandbox/cloud/account/resources/load-balancer';
import { withToken, type Account, type Session } from '#sandbox/cloud/account/session';
import { openStore } from '#sandbox/cloud/spaces/store';
import type { MachineOrder, Machines, MachineSize } from '#sandbox/cloud/machines';
import type { TcpForwarder } from '#sandbox/net/forwarder';

export const TOKENS = { deploy: 'dop_v1_deploy', cluster: 'dop_v1_cluster' };

export const SPACES_OWNER = { accessKeyId: 'DO00OWNER', secretAccessKey: 'planted-spaces-secret' };

export interface RecordingRuntime extends Machines {
  readonly booted: MachineOrder[];
  readonly turnedOff: number[];
  readonly destroyed: number[];
  readonly resized: { id: number; size: MachineSize }[];
  /** What is forwarded at the moment, by id. */
  readonly forwarders: Map<string, TcpForwarder>;
  /** Makes the next boot fail with this reason. */
  failNextBoot: string | undefined;
}

export function recordingRuntime(): RecordingRuntime {
  const runtime: RecordingRuntime = {
    booted: [],
    turnedOff: [],
    destroyed: [],
    resized: [],
    forwarders: new Map(),
    failNextBoot: undefined,
    boot: (droplet) => {
      runtime.booted.push(droplet);
      const reason = runtime.failNextBoot;
      runtime.failNextBoot = undefined;
      return reason === undefined ? Promise.resolve() : Promise.reject(new Error(reason));
    },
    shutDown: (id) => {
      runtime.turnedOff.push(id);
      return Promise.resolve();
    },
    destroy: (id) => {
      runtime.destroyed.push(id);
      return Promise.resolve();
    },
    resize: (id, size) => {
      runtime.resized.push({ id, size });
      return Promise.resolve();
    },
    forward: (id, forwarder) => {
      if (forwarder === undefined) runtime.forwarders.delete(id);
      else runtime.forwarders.set(id, forwarder);
      return Promise.resolve();
    },
    status: () => ({ droplets: [] }),
  };
  return runtime;
}

export interface SampleAccount {
  readonly account: Account;
  readonly session: Session;
  readonly runtime: RecordingRuntime;
  /** Opens the account again from its file, as after a restart of the sandbox. */
  readonly reopen: (runtime?: Machines) => Account;
  readonly file: string;
}

const folders: string[] = [];

/** An account of its own for a test; `removeSampleAccounts` takes the file away. */
export function sampleAccount(options: Partial<AccountOptions> = {}): SampleAccount {
  const folder = mkdtempSync(join(tmpdir(), 'forge-account-'));
  folders.push(folder);
  const file = join(folder, 'account.json');
  const runtime = recordingRuntime();
  const store = openStore(join(folder, 'spaces'), 'fra1', true);
  const open = (behind: Machines) =>
    openAccount({
      file,
      tokens: TOKENS,
      runtime: behind,
      publicOctet: 77,
      store,
      spacesOwner: SPACES_OWNER,
      ...options,
    });
  const account = open(runtime);
  return {
    account,
    session: withToken(account, TOKENS.deploy),
    runtime,
    file,
    reopen: (again = runtime) => open(again),
  };
}

export function removeSampleAccounts(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A running droplet. */
export async function droplet(session: Session, wanted: Partial<DropletRequest> = {}): Promise<Droplet> {
  const { id } = await createDroplet(session, {
    name: 'node-1',
    region: 'fra1',
    size: 's-2vcpu-4gb',
    image: 'ubuntu-24-04-x64',
    ...wanted,
  });
  return untilActive(session, id);
}

export const NOBODY = { addresses: [], tags: [], dropletIds: [], loadBalancerIds: [] };

export function rule(change: Partial<FirewallRule> = {}): FirewallRule {
  return { protocol: 'tcp', ports: '22', peers: { ...NOBODY, addresses: ['192.0.2.0/24'] }, ...change };
}

export function firewall(change: Partial<FirewallRequest> = {}): FirewallRequest {
  return { name: 'nodes', tags: [], dropletIds: [], inbound: [rule()], outbound: [], ...change };
}

export const BALANCER_PLACE = { region: 'fra1', type: 'REGIONAL', network: 'EXTERNAL' };

export function balancer(change: Partial<LoadBalancerSettings> = {}): LoadBalancerSettings {
  return {
    name: 'entrance',
    sizeUnit: 1,
    forwardingRules: [
      { entryProtocol: 'tcp', entryPort: 443, targetProtocol: 'tcp', targetPort: 30443, tlsPassthrough: false },
    ],
    healthCheck: {
      protocol: 'tcp',
      port: 30443,
      path: '',
      checkIntervalSeconds: 10,
      responseTimeoutSeconds: 5,
      healthyThreshold: 5,
      unhealthyThreshold: 3,
    },
    stickySessions: { type: 'none', cookieName: '', cookieTtlSeconds: 0 },
    tag: '',
    dropletIds: [],
    enableProxyProtocol: false,
    enableBackendKeepalive: false,
    redirectHttpToHttps: false,
    disableLetsEncryptDnsRecords: false,
    httpIdleTimeoutSeconds: 60,
    allow: [],
    deny: [],
    ...change,
  };
}
