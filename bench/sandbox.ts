/** A complete sandbox as `forge sandbox up` makes it, and how long its parts took. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { daemonStatus } from '#sandbox/daemon/daemon-process';
import { endSandbox } from '#sandbox/down';
import { sandboxFolder, type SandboxFolder } from '#sandbox/place/folder';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import type { RunningSandbox } from '#sandbox/place/running-sandbox';
import { clusterView, type ClusterView } from '#sandbox/tour/cluster-view';
import { runningSandbox } from '#sandbox/up';
import { writeConfiguration } from './configuration';
import { timedForge } from './processes';

/** What no arrangement of the steps could make shorter, in seconds. */
export interface Floors {
  /** From the droplet to its Ready node. */
  readonly apiServer: number;
  /** From the root Application to the first layer. */
  readonly firstSync: number;
  /** From the first layer to four Healthy ones. */
  readonly waves: number;
}

export interface BenchSandbox {
  readonly running: RunningSandbox;
  /** For child processes. */
  readonly env: Readonly<Record<string, string>>;
  readonly configFile: string;
  /** Where the stacks are synthesised. */
  readonly output: string;
  /** Seconds until everything was Healthy. */
  readonly seconds: number;
  readonly floors: Floors;
  end(): Promise<unknown>;
}

const POLL_MS = 100;

/** @param atEnd gets what ends it before it starts */
export async function startSandbox(path: string, atEnd: (end: () => Promise<unknown>) => void): Promise<BenchSandbox> {
  const folder = sandboxFolder(join(path, 'data'));
  const output = join(path, 'cdktf.out');
  const configFile = writeConfiguration(join(path, 'forge.yaml'), []);
  const end = () => endSandbox(folder);
  atEnd(end);
  const watching = new AbortController();
  const floors = watchFloors(folder, watching.signal);
  const args = ['sandbox', 'up', '--folder', folder.path, '--config', configFile];
  const { seconds } = await timedForge(args, { env: { CDKTF_OUTPUT: output } }).finally(() => watching.abort());
  const running = await runningSandbox(folder);
  return {
    ...{ running, configFile, output, seconds, end },
    env: { ...running.env, CDKTF_OUTPUT: output },
    floors: await floors,
  };
}

type Moment = 'droplet' | 'server' | 'root' | 'layer' | 'healthy';

async function watchFloors(folder: SandboxFolder, signal: AbortSignal): Promise<Floors> {
  const moments = new Map<Moment, number>();
  const seen = (moment: Moment, happened: boolean) => {
    if (happened && !moments.has(moment)) moments.set(moment, performance.now());
  };
  let view: ClusterView | undefined;
  while (!signal.aborted && !moments.has('healthy')) {
    const servers = ((await daemonStatus(folder))?.droplets ?? []).filter(({ role }) => role === 'server');
    seen('droplet', servers.length > 0);
    seen('server', servers.length > 0 && servers.every(({ state }) => state === 'running'));
    const kubeconfig = kubeconfigFile({ folder }, 'admin');
    if (view === undefined && existsSync(kubeconfig)) view = clusterView(kubeconfig);
    // Before the cluster stack is deployed the API does not know the kind.
    const applications = await (view?.applications() ?? Promise.resolve([])).catch(() => []);
    const layers = applications.filter(({ metadata }) => metadata.name.startsWith('layer-'));
    const isDone = ({ status }: (typeof layers)[number]) =>
      status?.sync?.status === 'Synced' && status.health?.status === 'Healthy';
    seen(
      'root',
      applications.some(({ metadata }) => metadata.name === 'root'),
    );
    seen('layer', layers.length > 0);
    seen('healthy', layers.length === 4 && layers.every(isDone));
    await sleep(POLL_MS);
  }
  view?.close();
  const between = (from: Moment, to: Moment) =>
    ((moments.get(to) ?? performance.now()) - (moments.get(from) ?? NaN)) / 1000;
  return {
    apiServer: between('droplet', 'server'),
    firstSync: between('root', 'layer'),
    waves: between('layer', 'healthy'),
  };
}
