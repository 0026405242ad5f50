/** A cluster runtime in a temporary folder, and what a test wants to ask of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endpointAgent, sendHttp } from '#clients/http';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { issueLeaf } from '#sandbox/cluster/k3s/leaf-certificate';
import { KNOWN_RELEASES } from '#sandbox/cluster/k3s/k3s-release';
import { readPki } from '#sandbox/cluster/k3s/pki';
import type { MachineStatus } from '#sandbox/cloud/machines';
import { ClusterRuntime } from '#sandbox/cluster/runtime';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { atEnd } from '#test/at-end';
import { newFolder } from '#test/new-folder';
import type { Plot } from './droplets';
import { startPlotSpaces, type PlotSpaces } from './plot-spaces';

export interface RunningSandbox {
  runtime: ClusterRuntime;
  readonly folder: string;
  readonly spaces: PlotSpaces;
  readonly log: readonly string[];
  status(id: number): MachineStatus;
  /** Until every droplet runs or has failed. */
  settled(): Promise<void>;
  /** Command lines of the processes that the sandbox started. */
  processes(): { readonly pid: number; readonly command: string }[];
  /** Ends everything, and starts anew in the same folder, with nothing booted yet. */
  restart(): Promise<void>;
  /** Ends everything, and leaves no process; with the tests of the file at the latest. */
  close(): Promise<void>;
}

/** @param releases of k3s that can be downloaded, by default those that forge.yaml may name */
export async function openSandbox(releases = KNOWN_RELEASES): Promise<RunningSandbox> {
  const folder = newFolder('cluster');
  const log: string[] = [];
  const tools = await ensureSandboxTools(() => undefined);
  const spaces = await startPlotSpaces();
  const say = (line: string) => void log.push(line);
  const start = () => new ClusterRuntime({ folder, sockets: folder, tools, releases, log: say, spaces: spaces.url });
  const statuses = () => sandbox.runtime.status().droplets;
  const sandbox: RunningSandbox = {
    runtime: start(),
    folder,
    spaces,
    log,
    status: (id) => statuses().find((droplet) => droplet.id === id)!,
    settled: () => eventually(() => statuses().every(({ state }) => state !== 'booting')),
    processes: () => processesIn(folder),
    async restart() {
      await sandbox.runtime.stop();
      sandbox.runtime = start();
    },
    close: () => (closed ??= end()),
  };
  const end = async () => {
    await sandbox.runtime.stop();
    expect(sandbox.processes()).toEqual([]);
  };
  let closed: Promise<void> | undefined;
  atEnd(sandbox.close);
  return sandbox;
}

/** Tries until it succeeds: an assertion that holds, or true. */
export async function eventually(attempt: () => unknown): Promise<void> {
  for (;;) {
    const held = await Promise.resolve()
      .then(attempt)
      .catch((error: unknown) => error);
    if (held === true || held === undefined) return;
    await sleep(100);
  }
}

const ADMIN = { commonName: 'tester', organization: 'system:masters' };

/** The API of a plot's cluster, through its API address, with a certificate that its client CA signed. */
export async function apiOf(plot: Plot): Promise<KubernetesClient> {
  const client = new KubernetesClient(await accessTo(plot, plot.apiAddress, 6443));
  atEnd(() => client.close());
  return client;
}

/** Any HTTPS port of a plot's cluster, with a certificate that its client CA signed. */
export async function accessTo({ pki }: Plot, host: string, port: number, subject = ADMIN): Promise<KubernetesAccess> {
  const { authorities } = readPki((path) => Buffer.from(pki.find((file) => file.path === path)!.pem));
  const { certificate, key } = await issueLeaf(authorities['client-ca'], { ...subject, usages: ['client'] });
  return {
    server: `https://${host}:${port}`,
    clusterCaCertificate: authorities['server-ca'].pem,
    clientCertificate: certificate,
    clientKey: key,
  };
}

/** One GET over a connection of its own. */
export async function getOnce(access: KubernetesAccess, path: string): Promise<{ status: number; body: string }> {
  const { server, clusterCaCertificate: ca, clientCertificate: cert, clientKey: key } = access;
  const agent = endpointAgent({ ca, cert, key });
  try {
    const { status, body } = await sendHttp({ url: server + path, agent }, { timeoutMs: 10_000 });
    return { status, body: body.toString() };
  } finally {
    agent.destroy();
  }
}

/** What the reserved IP or the load balancer of the API does. */
export async function forwardApi(
  { runtime }: RunningSandbox,
  { apiAddress, server }: Plot,
  servers: number,
): Promise<void> {
  const targets = Array.from({ length: servers }, (_, index) => server(index + 1).publicAddress);
  const rules = [{ entryPort: 6443, targetPort: 6443 }];
  await runtime.forward('api', { address: apiAddress, rules, targets, keepsAddress: servers > 1 });
}

function processesIn(folder: string): { pid: number; command: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const processes = pids.map((pid) => ({ pid: Number(pid), command: commandLine(pid) }));
  return processes.filter(({ command }) => command.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
