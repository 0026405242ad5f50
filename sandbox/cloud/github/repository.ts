/** The repository, and who it knows. */
import { createHash, randomInt } from 'node:crypto';
import { route } from '../http/routes';
import { apiAddress, ok, type GithubRoute } from './answers';
import { notFound } from './errors';
import { collection, type Caller, type Github } from './github';

/** Somebody, as in other objects and at `/user`. */
export interface User {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
  readonly html_url: string;
}

/** What the API tells of a repository, as far as anybody asks. */
export interface Repository {
  readonly id: number;
  readonly name: string;
  readonly full_name: string;
  readonly private: boolean;
  readonly owner: User;
  readonly html_url: string;
  readonly default_branch: string;
}

/** Its real id. */
const ACTIONS: User = {
  login: 'github-actions[bot]',
  id: 41_898_282,
  type: 'Bot',
  html_url: 'https://github.com/apps/github-actions',
};

export const repositories = collection<Repository>('repositories', 'full_name');

export const repositoryRoutes: readonly GithubRoute[] = [
  onRepository('GET ', 'metadata:read', ({ github }, request) =>
    ok({ ...repositoryOf(github), url: apiAddress(request, '') }),
  ),
  route('GET /user', 'user:read', (caller) => ok(userOf(caller))),
  route('GET /users/{login}', 'metadata:read', (_, { params }) => ok(person(params['login']!))),
];

/**
 * A route below the repository: another one than the one that there is answers 404. Case does not matter in its name.
 *
 * @param line such as `POST /hooks`
 * @param scope one permission, or several of which one is enough: `issues:read or pull_requests:read`
 */
export function onRepository(line: string, scope: string, handle: GithubRoute['handle']): GithubRoute {
  return route(line.replace(' ', ' /repos/{owner}/{repo}'), scope, (caller, request) => {
    const wanted = `${request.params['owner']}/${request.params['repo']}`;
    if (wanted.toLowerCase() !== repositoryOf(caller.github).full_name.toLowerCase()) throw notFound();
    return handle(caller, request);
  });
}

/** Makes the repository of a new GitHub. @param fullName such as `example/forge` */
export function addRepository(github: Github, fullName: string): void {
  const [owner, name] = fullName.split('/') as [string, string];
  repositories.add(github, {
    id: randomInt(900_000_000, 1_000_000_000),
    name,
    full_name: fullName,
    private: true,
    owner: person(owner),
    html_url: `https://github.com/${fullName}`,
    default_branch: 'main',
  });
}

export function repositoryOf(github: Github): Repository {
  return repositories.of(github)[0]!;
}

/** A person; the same login always has the same id. */
export function person(login: string): User {
  const id = createHash('sha256').update(login.toLowerCase()).digest().readUInt32BE() % 200_000_000;
  return { login, id, type: 'User', html_url: `https://github.com/${login}` };
}

/** Who a token speaks for: a person, GitHub Actions, or another App. */
export function userOf({ github, token }: Caller): User {
  if (token.kind === 'actions') return ACTIONS;
  const user = person(token.login ?? repositoryOf(github).owner.login);
  if (token.kind !== 'app') return user;
  return { ...user, login: `${user.login}[bot]`, type: 'Bot', html_url: `https://github.com/apps/${user.login}` };
}
