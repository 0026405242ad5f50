import type { Actor } from './actor';
import type { Comment } from './comment';
import type { PullRequest } from './pull-request';

/** A label that issues of the repository can carry. */
export interface Label {
  readonly id: number;
  readonly name: string;
}

/** An issue; one with `pullRequest` is a pull request. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: string | null;
  /** Names. */
  labels: readonly string[];
  readonly author: Actor;
  comments: Comment[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  readonly pullRequest?: PullRequest;
}
