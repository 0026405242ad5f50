import type { Actor } from './actor';

/** A comment on an issue or a pull request. */
export interface Comment {
  readonly id: number;
  body: string;
  readonly author: Actor;
  readonly createdAt: string;
  updatedAt: string;
}
