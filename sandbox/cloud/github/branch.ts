/** Branches of the repository, as pushes made them known. */
import { ok, type GithubRoute } from './answers';
import { collection, type Github } from './github';
import { onRepository } from './repository';

interface Branch {
  readonly name: string;
}

const branches = collection<Branch>('branches', 'name');

export const branchRoutes: readonly GithubRoute[] = [
  onRepository('GET /branches/{name}', 'contents:read', ({ github }, { params }) =>
    ok(branches.find(github, params['name'])),
  ),
];

/** @param ref such as `refs/heads/main` */
export function addBranch(github: Github, ref: string): void {
  const name = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (name === undefined || branches.of(github).some((branch) => branch.name === name)) return;
  branches.add(github, { name });
  github.save();
}
