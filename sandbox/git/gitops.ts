/** From a push to what Argo CD reads: the pushed files with the sandbox's stand-ins, announced by the emulated GitHub. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery } from '../cloud/github/deliveries';
import { git } from './git';
import { startGitServer } from './git-server';
import { headOf, openRepository, type Repository } from './repository';
import { publishWorkingTree } from './working-tree';

export interface GitOpsOptions {
  readonly folder: string;
  /** Loopback, where Argo CD finds the repository. */
  readonly address: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** Branch that the cluster follows. */
  readonly branch: string;
  readonly controlSocket: string;
  /** Writes the tree that Argo CD gets for a checkout of what was pushed. */
  readonly writeTree: (checkout: string, target: string, repoUrl: string) => Promise<unknown>;
  /** Sends a push event to the repository's webhooks. */
  readonly announce: (payload: object) => Promise<readonly Delivery[]>;
}

export interface GitOps {
  /** What the Applications have as repoURL. */
  readonly url: string;
  /** The repository that people clone and push to. */
  readonly path: string;
  /** Newest commit of what was pushed; undefined before anything was. */
  head(): Promise<string | undefined>;
  /** Takes a checkout's files as they are. @returns what came of it, in lines for a person */
  publish(checkout: string): Promise<string[]>;
  /** Acts on what is in the repository now. @returns what came of it, in lines for a person */
  pushed(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startGitOps(options: GitOpsOptions): Promise<GitOps> {
  const { folder, address, branch } = options;
  const repository = await openRepository(folder, branch, options.controlSocket);
  const applied = await openApplied(join(folder, 'applied'), branch);
  const server = await startGitServer({ address, name: options.repository, repository: join(applied, '.git') });
  let queue: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };
  const apply = async (): Promise<string[]> => {
    const checkout = await checkedOut(repository, join(folder, 'pushed'));
    if (checkout === undefined) return [`Nothing was pushed to ${branch}, the branch that the cluster follows.`];
    const before = await headOf({ path: applied, branch });
    await options.writeTree(checkout, applied, server.url);
    await git(['-C', applied, 'add', '--all', '.']);
    if ((await git(['-C', applied, 'status', '--porcelain'])) === '') return ['Nothing changed for Argo CD.'];
    const subject = await git(['-C', checkout, 'log', '-1', '--format=%s']);
    await git(['-C', applied, 'commit', '--quiet', '-m', subject]);
    const after = (await headOf({ path: applied, branch }))!;
    const deliveries = await options.announce(await pushEvent(applied, branch, server.page, before, after));
    return [`Argo CD reads commit ${after.slice(0, 7)}.`, ...deliveries.map(described)];
  };
  return {
    url: server.url,
    path: repository.path,
    head: () => headOf(repository),
    publish: (checkout) =>
      exclusively(async () => {
        await publishWorkingTree(checkout, repository);
        return apply();
      }),
    pushed: () => exclusively(apply),
    stop: async () => {
      await queue;
      await server.stop();
    },
  };
}

async function openApplied(path: string, branch: string): Promise<string> {
  if (!existsSync(join(path, '.git'))) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    await git(['init', '--quiet', `--initial-branch=${branch}`, path]);
  }
  return path;
}

/** A checkout of the newest commit; undefined when the branch does not exist. */
async function checkedOut(repository: Repository, path: string): Promise<string | undefined> {
  const head = await headOf(repository);
  if (head === undefined) return undefined;
  if (!existsSync(path)) await git(['clone', '--quiet', '--no-checkout', repository.path, path]);
  await git(['-C', path, 'fetch', '--quiet', 'origin', repository.branch]);
  await git(['-C', path, 'checkout', '--quiet', '--force', '--detach', head]);
  await git(['-C', path, 'clean', '--quiet', '-ffdx']);
  return path;
}

/** The fields of GitHub's push event that Argo CD looks at. */
async function pushEvent(repository: string, branch: string, page: string, before: string | undefined, after: string) {
  const changes = before === undefined ? [] : await changedFiles(repository, before, after);
  const files = (status: string) => changes.filter((change) => change.status === status).map(({ file }) => file);
  return {
    ref: `refs/heads/${branch}`,
    before: before ?? '0'.repeat(40),
    after,
    repository: { html_url: page, default_branch: branch },
    commits: [{ id: after, added: files('A'), modified: files('M'), removed: files('D') }],
  };
}

async function changedFiles(repository: string, before: string, after: string) {
  const lines = await git(['-C', repository, 'diff', '--name-status', '--no-renames', before, after]);
  return lines.split('\n').map((line) => ({ status: line.slice(0, 1), file: line.slice(line.indexOf('\t') + 1) }));
}

function described({ status, error }: Delivery): string {
  if (status === 200) return 'GitHub told it so at once.';
  return `GitHub could not tell it so (${error ?? `it answered ${status}`}): it looks again within seconds.`;
}
