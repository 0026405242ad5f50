/** What the operations of the tour do their work with: a clone, the cluster, and the commands of an operator. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { runProgram, type ProgramResult } from '#clients/program';
import { until } from '#clients/until';
import { repositoryUrl } from '#stacks/repository-url';
import { askDaemon } from '../daemon/control';
import { daemonStatus } from '../daemon/daemon-process';
import { kubeconfigFile, type Person } from '../place/kubeconfigs';
import type { RunningSandbox } from '../place/running-sandbox';
import { cloneRepository, type Clone } from './clone';
import { clusterView, type ClusterView } from './cluster-view';

/** Who did or saw what the tour tells. */
export type Actor = 'git' | 'terraform' | 'by hand' | 'argo cd' | 'kubernetes' | 'forge status' | 'kubectl';

export interface Tour {
  readonly sandbox: RunningSandbox;
  readonly clone: Clone;
  readonly cluster: ClusterView;
  /** For files of the tour. */
  readonly folder: string;
  tell(actor: Actor, line: string): void;
  kubectl(args: readonly string[], person?: Person): Promise<ProgramResult>;
  /** Starts kubectl without waiting for its end. */
  kubectlProcess(args: readonly string[], person?: Person): ChildProcess;
  forge(args: readonly string[]): Promise<ProgramResult>;
  /**
   * Asks again and again until the answer is neither undefined nor false.
   *
   * @param what for the message when it takes too long, such as `three Ready pods`
   * @param limitMs for all checks together. Default: far more than any operation takes on a busy machine of two cores
   */
  until<T>(what: string, check: () => Promise<T | undefined | false>, limitMs?: number): Promise<T>;
  /** Waits until every Application is Synced and Healthy, those of this repository at a commit. */
  untilHealthy(commit?: string): Promise<void>;
  /** Has a server save a snapshot now. @returns its name */
  saveSnapshot(): Promise<string>;
  close(): void;
}

export interface TourOptions {
  readonly sandbox: RunningSandbox;
  readonly kubectl: string;
  readonly tell: (actor: Actor, line: string) => void;
}

const ROOT = join(__dirname, '../..');
const POLL_MS = 200;
const LIMIT_MS = 180_000;

/** @throws when no sandbox with a repository runs */
export async function startTour({ sandbox, kubectl, tell }: TourOptions): Promise<Tour> {
  const { folder: data, config, env } = sandbox;
  const status = await daemonStatus(data);
  if (status?.git.head === undefined)
    throw new CommandFailure('The sandbox is not complete. Bring it up: npx forge sandbox up');
  const folder = join(data.path, 'tour');
  const clone = await cloneRepository(status.git.path, config.revision, join(folder, 'forge'));
  const repository = repositoryUrl(config.repository);
  const cluster = clusterView(kubeconfigFile(sandbox, 'admin'));
  const environment = { ...process.env, ...env };
  const kubeconfig = (person: Person) => ['--kubeconfig', kubeconfigFile(sandbox, person)];
  const wait: Tour['until'] = (what, check, limit = LIMIT_MS) => until(check, { every: POLL_MS, limit, what });
  return {
    sandbox,
    clone,
    cluster,
    folder,
    tell,
    until: wait,
    kubectl: (args, person = 'admin') => runProgram(kubectl, [...kubeconfig(person), ...args], { env: environment }),
    kubectlProcess: (args, person = 'admin') =>
      spawn(kubectl, [...kubeconfig(person), ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] }),
    forge: (args) => runProgram(process.execPath, [join(ROOT, 'cli/forge.cjs'), ...args], { env: environment }),
    untilHealthy: async (commit) => {
      await wait('every Application is Synced and Healthy', async () =>
        (await cluster.applications()).every(({ spec, status: found }) => {
          const isOurs = commit !== undefined && spec.source.repoURL === repository;
          const isAt = !isOurs || found?.sync?.revision?.startsWith(commit);
          return isAt && found?.sync?.status === 'Synced' && found.health?.status === 'Healthy';
        }),
      );
    },
    saveSnapshot: async () => {
      const [name] = await askDaemon<string[]>(data.controlSocket, '/snapshot');
      if (name === undefined) throw new Error('No server could save a snapshot');
      return name;
    },
    close: () => cluster.close(),
  };
}
