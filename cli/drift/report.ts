/** Keeps one issue about what is not as it should be: opened, edited, closed and opened again by itself. */
import { github, type GithubClient } from '#clients/github/client';
import { explainGithub } from '#clients/github/failure';
import { isOwn, ownLogin, type Repository } from '#clients/github/own-post';
import { repositoryOf } from '#clients/github/pull-request';
import type { Terminal } from '../output/terminal';

export interface DriftReport {
  /** Line that the body of the issue begins with. */
  readonly marker: string;
  readonly title: string;
  /** Markdown; undefined when there is nothing to tell. */
  readonly body: string | undefined;
}

const LABEL = 'forge-drift';
/** Author of what is written with a job's own token. */
const JOBS = 'github-actions[bot]';
const PERMISSION = 'issues: write';
const ISSUES = '/repos/{owner}/{repo}/issues';

/**
 * @returns what was done, for the person
 * @throws CommandFailure when GitHub refuses
 */
export async function reportDrift({ env, notify }: Terminal, report: DriftReport): Promise<string> {
  const repository = repositoryOf(env);
  const client = github(env, notify);
  try {
    const issue = await ownIssue(client, repository, report.marker);
    return report.body === undefined
      ? await close(client, repository, issue)
      : await write(client, repository, issue, { title: report.title, body: `${report.marker}\n${report.body}` });
  } catch (error) {
    throw explainGithub(error, 'take the issue about drift', PERMISSION);
  }
}

interface Content {
  readonly title: string;
  readonly body: string;
}

type OwnIssue = Awaited<ReturnType<typeof ownIssue>>;

/** An open one before a closed one, the newest first. */
async function ownIssue(client: GithubClient, place: Repository, marker: string) {
  const login = await ownLogin(client);
  const filters = login === undefined ? [{ creator: JOBS }, { labels: LABEL }] : [{ creator: login }];
  const lists = await Promise.all(
    filters.map((filter) => client.paginate(`GET ${ISSUES}`, { ...place, ...filter, state: 'all', per_page: 100 })),
  );
  const own = lists.flat().filter((issue) => issue.pull_request === undefined && isOwn(issue, marker, login));
  return own.find(({ state }) => state === 'open') ?? own[0];
}

async function close(client: GithubClient, place: Repository, issue: OwnIssue): Promise<string> {
  if (issue?.state !== 'open') return 'Everything is as it should be.';
  const change = { ...place, issue_number: issue.number, state: 'closed', state_reason: 'completed' } as const;
  await client.request(`PATCH ${ISSUES}/{issue_number}`, change);
  return `Everything is as it should be again, issue closed: ${issue.html_url}`;
}

async function write(client: GithubClient, place: Repository, issue: OwnIssue, content: Content): Promise<string> {
  if (issue === undefined) {
    const { data } = await client.request(`POST ${ISSUES}`, { ...place, ...content, labels: [LABEL] });
    return `Issue opened: ${data.html_url}`;
  }
  const isOpen = issue.state === 'open';
  if (isOpen && issue.body === content.body) return `The issue says it already: ${issue.html_url}`;
  const change = { ...place, ...content, issue_number: issue.number, state: 'open' } as const;
  await client.request(`PATCH ${ISSUES}/{issue_number}`, change);
  return `Issue ${isOpen ? 'edited' : 'opened again'}: ${issue.html_url}`;
}
