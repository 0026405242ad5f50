/** The emulated GitHub as Octokit sees it, with the plugins that the commands use. */
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { injectFault } from '#sandbox/cloud/http/faults';
import { primaryRateLimit, secondaryRateLimit } from './rate-limits';
import { GITHUB_TOKEN, removeSampleGithubs, sampleGithub, type SampleGithub } from './sample-github';

const Client = Octokit.plugin(paginateRest);
/** Waits a second between two things that it writes, so only the tests that need it have it. */
const PatientClient = Octokit.plugin(retry, throttling);
const ACTIONS = 'ghs_job';
const SOMEBODY = 'ghp_somebody';
const repository = { owner: 'example', repo: 'forge' };

let sample: SampleGithub;
let waits: string[];

beforeEach(async () => {
  waits = [];
  sample = await sampleGithub([
    { value: ACTIONS, kind: 'actions', permissions: ['contents:read', 'pull_requests:write'] },
    { value: SOMEBODY, login: 'somebody', permissions: 'full' },
    { value: 'ghp_reader_of_pulls', permissions: ['pull_requests:read'] },
  ]);
});
afterAll(removeSampleGithubs);

describe('a comment on a pull request', () => {
  it('is written, and edited in place', async () => {
    sample.github.openPullRequest({ number: 7 });
    const client = octokit(GITHUB_TOKEN);
    const { data: made } = await client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...repository,
      issue_number: 7,
      body: '<!-- plan -->\nfirst',
    });
    expect(made.html_url).toBe(`https://github.com/example/forge/pull/7#issuecomment-${made.id}`);
    const change = { ...repository, comment_id: made.id, body: 'second' };
    await client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', change);
    await expect(comments(GITHUB_TOKEN, 7)).resolves.toMatchObject([{ body: 'second', user: { login: 'example' } }]);
  });

  it('is found on a later page', async () => {
    sample.github.openPullRequest({ number: 7 });
    for (let index = 1; index <= 35; index += 1) await comment(GITHUB_TOKEN, 7, `comment ${index}`);
    const found = await comments(GITHUB_TOKEN, 7);
    expect(found).toHaveLength(35);
    expect(found.at(-1)?.body).toBe('comment 35');
  });

  it('says who wrote it: a person, somebody else, or a job', async () => {
    sample.github.openPullRequest({ number: 7 });
    for (const token of [GITHUB_TOKEN, SOMEBODY, ACTIONS]) await comment(token, 7, 'plan');
    const found = await comments(GITHUB_TOKEN, 7);
    expect(found.map(({ user }) => [user?.login, user?.type])).toEqual([
      ['example', 'User'],
      ['somebody', 'User'],
      ['github-actions[bot]', 'Bot'],
    ]);
  });

  it('is refused without the permission to write', async () => {
    sample.github.openPullRequest({ number: 7 });
    await expect(comment('ghp_reader_of_pulls', 7, 'plan')).rejects.toMatchObject({ status: 403 });
    await expect(comments('ghp_reader_of_pulls', 7)).resolves.toEqual([]);
  });

  it('is refused when it is too long', async () => {
    sample.github.openPullRequest({ number: 7 });
    await comment(GITHUB_TOKEN, 7, 'x'.repeat(65_536));
    await expect(comment(GITHUB_TOKEN, 7, 'x'.repeat(65_537))).rejects.toMatchObject({
      status: 422,
      response: { data: { errors: [{ message: 'body is too long (maximum is 65536 characters)' }] } },
    });
  });
});

describe("the token of a workflow's job", () => {
  it('may not ask who it is', async () => {
    await expect(octokit(ACTIONS).request('GET /user')).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    });
  });

  it('may not comment on an issue with the permission for pull requests', async () => {
    await octokit(GITHUB_TOKEN).request('POST /repos/{owner}/{repo}/issues', { ...repository, title: 'Drift' });
    await expect(comment(ACTIONS, 1, 'plan')).rejects.toMatchObject({ status: 403 });
  });
});

describe('a rate limit', () => {
  it('of the hour is waited for until its reset', async () => {
    injectFault(sample.github.conditions, primaryRateLimit({ waitSeconds: 0 }));
    await patientOctokit().request('GET /repos/{owner}/{repo}', repository);
    expect(waits).toEqual(['primary']);
  });

  it('for too many at once is waited for as long as asked', async () => {
    injectFault(sample.github.conditions, secondaryRateLimit({ operation: 'issues:*', waitSeconds: 1 }));
    await patientOctokit().request('GET /repos/{owner}/{repo}', repository);
    expect(waits).toEqual([]);
    await patientOctokit().request('GET /repos/{owner}/{repo}/issues', repository);
    expect(waits).toEqual(['secondary 1 s']);
  });
});

function octokit(auth: string) {
  return new Client({ auth, baseUrl: sample.github.url });
}

/** Notes what it waited for. */
function patientOctokit() {
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const throttle = {
    onRateLimit: () => waits.push('primary') > 0,
    onSecondaryRateLimit: (seconds: number) => waits.push(`secondary ${seconds} s`) > 0,
  };
  return new PatientClient({ auth: GITHUB_TOKEN, baseUrl: sample.github.url, log, throttle });
}

function nothing(): void {
  // The tests look at the outcome.
}

async function comment(token: string, number: number, body: string): Promise<void> {
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
  await octokit(token).request(route, { ...repository, issue_number: number, body });
}

function comments(token: string, number: number) {
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  return octokit(token).paginate(route, { ...repository, issue_number: number });
}
