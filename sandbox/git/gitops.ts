/** From a push to Argo CD: the repository is served as it is, and the emulated GitHub announces what is new in it. */
import type { Delivery } from '../cloud/github/deliveries';
import type { Contents } from '../cloud/github/contents';
import { gitContents } from './contents';
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
  /** When Argo CD sees what nobody tells it. Default: `within seconds`. */
  readonly looksAgain?: string;
  /** Sends a push event to the repository's webhooks. */
  readonly announce: (payload: object) => Promise<readonly Delivery[]>;
}

export interface GitOps {
  /** Where Argo CD reads it. */
  readonly url: string;
  /** The repository that people clone and push to. */
  readonly path: string;
  /** For pull requests, whose merges are announced like pushes. */
  readonly contents: Contents;
  /** Newest commit of the branch; undefined before anything was pushed. */
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
  const server = await startGitServer({ address, name: options.repository, repository: repository.path });
  // What was pushed while the sandbox did not run, Argo CD finds when it starts.
  let announced = await headOf(repository);
  let queue: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };
  const announce = async (): Promise<string[]> => {
    const [before, after] = [announced, await headOf(repository)];
    if (after === undefined) return [`Nothing was pushed to ${branch}, the branch that the cluster follows.`];
    if (after === before) return [`Nothing changed on ${branch}, the branch that the cluster follows.`];
    announced = after;
    const deliveries = await options.announce(await pushEvent(repository, options.repository, before, after));
    return deliveries.map((delivery) => described(delivery, options.looksAgain ?? 'within seconds'));
  };
  const pushed = () => exclusively(announce);
  return {
    url: server.url,
    path: repository.path,
    contents: gitContents(repository.path, pushed),
    head: () => headOf(repository),
    publish: (checkout) =>
      exclusively(async () => {
        await publishWorkingTree(checkout, repository);
        return announce();
      }),
    pushed,
    stop: async () => {
      await queue;
      await server.stop();
    },
  };
}

/** The fields of GitHub's push event that Argo CD looks at. */
async function pushEvent({ path, branch }: Repository, name: string, before: string | undefined, after: string) {
  const changes = before === undefined ? [] : await changedFiles(path, before, after);
  const files = (status: string) => changes.filter((change) => change.status === status).map(({ file }) => file);
  return {
    ref: `refs/heads/${branch}`,
    before: before ?? '0'.repeat(40),
    after,
    repository: { html_url: `https://github.com/${name}`, default_branch: branch },
    commits: [{ id: after, added: files('A'), modified: files('M'), removed: files('D') }],
  };
}

async function changedFiles(repository: string, before: string, after: string) {
  const lines = await git(['-C', repository, 'diff', '--name-status', '--no-renames', before, after]);
  return lines.split('\n').map((line) => ({ status: line.slice(0, 1), file: line.slice(line.indexOf('\t') + 1) }));
}

function described({ status, error }: Delivery, again: string): string {
  if (status === 200) return 'GitHub told Argo CD at once.';
  return `GitHub could not tell Argo CD (${error ?? `it answered ${status}`}): it looks again ${again}.`;
}
