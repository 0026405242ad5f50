import type { Repository } from './resources/repository';

/** All that the emulated GitHub holds, as it is saved. */
export interface GithubState {
  readonly sequence: { webhook: number; deployKey: number; issue: number };
  repositories: Repository[];
}
