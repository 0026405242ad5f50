/** Merges in a bare repository as GitHub does, without a working tree. */
import type { Commit, Contents, Merge } from '../cloud/github/contents';
import { git } from './git';

/** GitHub's own, on commits that it makes. */
const COMMITTER = { GIT_COMMITTER_NAME: 'GitHub', GIT_COMMITTER_EMAIL: 'noreply@github.com' };
const [FIELD, RECORD] = ['\u001f', '\u001e'];

/**
 * @param path of the bare repository
 * @param pushed is told of each new commit on a branch
 */
export function gitContents(path: string, pushed: () => Promise<unknown>): Contents {
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => git(['-C', path, ...args], env);
  const commit = (tree: string, parents: readonly string[], message: string, env: NodeJS.ProcessEnv) =>
    run(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', message], { ...COMMITTER, ...env });
  /** Undefined when they conflict. */
  const treeOf = (ours: string, theirs: string) =>
    run(['merge-tree', '--write-tree', ours, theirs]).catch(() => undefined);
  const between = async (base: string, head: string, ...kinds: string[]): Promise<Commit[]> => {
    const format = `--format=%H${FIELD}%s${FIELD}%b${RECORD}`;
    const log = await run(['log', '--reverse', ...kinds, format, `${base}..${head}`]);
    return log
      .split(RECORD)
      .map((record) => record.trim().split(FIELD) as [string, string, string?])
      .filter(([sha]) => sha !== '')
      .map(([sha, subject, body = '']) => ({ sha, subject, body: body.trim() }));
  };

  /** Each commit anew on top of the branch: what it changed, and who wrote it, stay. Merges go. */
  async function rebased({ base, head }: Merge): Promise<string | undefined> {
    let top = base;
    for (const { sha, subject, body } of await between(base, head, '--no-merges')) {
      // A commit with our content on its parent: so the parent is what the merge compares both with.
      const ours = await commit(`${top}^{tree}`, [`${sha}^`], 'ours', {});
      const tree = await treeOf(ours, sha);
      if (tree === undefined) return undefined;
      const [name = '', email = '', date = ''] = (await run(['log', '-1', '--format=%an%n%ae%n%aI', sha])).split('\n');
      const author = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date };
      top = await commit(tree, [top], body === '' ? subject : `${subject}\n\n${body}`, author);
    }
    return top;
  }

  async function oneCommit({ method, base, head, message, author }: Merge): Promise<string | undefined> {
    const tree = await treeOf(base, head);
    if (tree === undefined) return undefined;
    const email = `${author.id}+${author.login}@users.noreply.github.com`;
    const by = { GIT_AUTHOR_NAME: author.login, GIT_AUTHOR_EMAIL: email };
    return commit(tree, method === 'squash' ? [base] : [base, head], message, by);
  }

  return {
    commitOf: (branch) => run(['show-ref', '--verify', '--hash', `refs/heads/${branch}`]).catch(() => undefined),
    between: (base, head) => between(base, head),
    fit: async (base, head) => (await treeOf(base, head)) !== undefined,
    merge: async (wanted) => {
      const made = await (wanted.method === 'rebase' ? rebased(wanted) : oneCommit(wanted));
      if (made === undefined) return undefined;
      const moved = await run(['update-ref', `refs/heads/${wanted.into}`, made, wanted.base]).catch(() => undefined);
      if (moved === undefined) return undefined;
      await pushed();
      return made;
    },
  };
}
