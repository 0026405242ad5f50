/** The emulated GitHub: what it holds of its repository, in the API's own words. */
import { randomInt } from 'node:crypto';
import { collectionOf, type Collection } from '../http/collection';
import { noConditions, type Conditions } from '../http/faults';
import { loadState, saveState } from '../http/saved-state';
import { NO_CONTENTS, type Contents } from './contents';
import { notFound } from './errors';
import type { GithubToken } from './tokens';

/** All that is saved. */
export interface GithubState {
  /** Last numbers given away, by kind. */
  readonly sequence: Record<string, number>;
  /** What the repository has of every kind, by the API's name of the list: `hooks`, `issues`. */
  readonly held: Record<string, object[]>;
}

export interface Github {
  readonly state: GithubState;
  readonly tokens: GithubToken[];
  readonly conditions: Conditions;
  readonly save: () => void;
  /** Its Git. */
  contents: Contents;
}

/** Who calls the API. */
export interface Caller {
  readonly github: Github;
  readonly token: GithubToken;
}

export interface GithubOptions {
  /** Where it is kept, with mode 0600: it holds the private key of the secrets. */
  readonly file: string;
  /** Full name of the only repository, such as `example/forge`. */
  readonly repository: string;
  readonly tokens: readonly GithubToken[];
  /** Gets the public keys that may read the repository over SSH: at the start, and after every change. Default: nobody asks. */
  readonly admit?: (keys: readonly string[]) => void;
}

/**
 * Opens what was saved, or makes a new GitHub.
 *
 * @param furnish puts into a new one what every GitHub has
 */
export function openGithub({ file, tokens }: GithubOptions, furnish: (github: Github) => void): Github {
  const saved = loadState<GithubState>(file);
  const state = saved ?? newState();
  const save = () => saveState(file, state);
  const github: Github = { state, tokens: [...tokens], conditions: noConditions(), save, contents: NO_CONTENTS };
  if (saved === undefined) furnish(github);
  github.save();
  return github;
}

function newState(): GithubState {
  const sequence = {
    hooks: randomInt(500_000_000, 600_000_000),
    keys: randomInt(120_000_000, 130_000_000),
    // Real ones do not fit into 32 bits any more.
    issues: 3_600_000_000,
  };
  return { sequence, held: {} };
}

/** The next id of a kind. */
export function nextId({ state }: Github, kind: string): number {
  return (state.sequence[kind] = (state.sequence[kind] ?? 0) + 1);
}

/**
 * @param name the API's name of the list, such as `hooks`
 * @param id the field that a path names a thing by
 */
export function collection<T extends object>(name: string, id: keyof T & string): Collection<Github, T> {
  return collectionOf(name, id, notFound);
}

/** The time to the second, later than the one before: secrets tell their drift by it. */
export function timestampAfter(previous?: string): string {
  const earliest = previous === undefined ? 0 : Date.parse(previous) + 1000;
  return `${new Date(Math.max(Date.now(), earliest)).toISOString().slice(0, 19)}Z`;
}
