/** Opens the emulated GitHub. */
import { randomInt } from 'node:crypto';
import { noConditions } from '../http/faults';
import { loadState, saveState } from '../http/saved-state';
import type { Repository } from './resources/repository';
import { loadSodium, newBoxKeys } from './sealed-box';
import type { Github, RepositoryName } from './session';
import type { GithubState } from './state';
import type { GithubToken } from './tokens';

export interface GithubOptions {
  /** Where it is kept, with mode 0600: it holds the keys of the secrets. */
  readonly file: string;
  /** The repository that exists from the start. */
  readonly repository: RepositoryName & { readonly private?: boolean };
  /** Known tokens. */
  readonly tokens: readonly GithubToken[];
}

/** Ids of issues and comments do not fit into 32 bits any more. */
const FIRST_ISSUE = 3_600_000_000;

const EMPTY: Omit<Repository, 'id' | 'owner' | 'name' | 'private' | 'keys'> = {
  variables: [],
  secrets: [],
  environments: [],
  webhooks: [],
  deployKeys: [],
  issues: [],
  labels: [],
};

/** Opens what was saved, or makes a new GitHub with one repository. */
export async function openGithub({ file, repository, tokens }: GithubOptions): Promise<Github> {
  await loadSodium();
  const state = completed(loadState<GithubState>(file) ?? newState(repository));
  const github: Github = { state, tokens: [...tokens], conditions: noConditions(), save: () => saveState(file, state) };
  github.save();
  return github;
}

function newState(repository: GithubOptions['repository']): GithubState {
  return {
    sequence: {
      webhook: randomInt(500_000_000, 600_000_000),
      deployKey: randomInt(120_000_000, 130_000_000),
      issue: FIRST_ISSUE,
    },
    repositories: [
      {
        id: randomInt(900_000_000, 1_000_000_000),
        owner: repository.owner,
        name: repository.name,
        private: repository.private ?? true,
        keys: newBoxKeys(),
        ...EMPTY,
      },
    ],
  };
}

/** What an earlier version saved lacks what came later. */
function completed(saved: GithubState): GithubState {
  const { sequence, repositories } = structuredClone(saved);
  return {
    sequence: { ...sequence, issue: sequence.issue ?? FIRST_ISSUE },
    repositories: repositories.map((repository) => ({ ...structuredClone(EMPTY), ...repository })),
  };
}
