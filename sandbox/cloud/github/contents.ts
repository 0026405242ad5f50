/** What pull requests need of the repository's Git. The sandbox's is a bare repository; without one there are no branches. */
import type { User } from './repository';

export interface Commit {
  readonly sha: string;
  /** First line of its message. */
  readonly subject: string;
  /** The rest. */
  readonly body: string;
}

export interface Merge {
  readonly method: 'merge' | 'squash' | 'rebase';
  /** Branch that takes the commits. */
  readonly into: string;
  /** Its newest commit, as the caller knows it. */
  readonly base: string;
  readonly head: string;
  /** Of the new commit; `rebase` keeps what its commits have. */
  readonly message: string;
  readonly author: User;
}

export interface Contents {
  /** Newest commit of a branch. */
  commitOf(branch: string): Promise<string | undefined>;
  /** Commits that the second has and the first has not, the oldest first. */
  between(base: string, head: string): Promise<Commit[]>;
  /** Whether both can be put together without a person. */
  fit(base: string, head: string): Promise<boolean>;
  /** Also tells the webhooks. @returns the branch's newest commit; undefined when it has another one by now, or they do not fit */
  merge(wanted: Merge): Promise<string | undefined>;
}

export const NO_CONTENTS: Contents = {
  commitOf: () => Promise.resolve(undefined),
  between: () => Promise.resolve([]),
  fit: () => Promise.resolve(false),
  merge: () => Promise.resolve(undefined),
};
