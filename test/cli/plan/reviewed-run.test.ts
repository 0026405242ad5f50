import { Octokit } from '@octokit/core';
import { reviewedRun } from '#cli/plan/reviewed-run';
import { CommandFailure } from '#clients/failure';
import { loopbackServer } from '#test/loopback-server';

const MERGED = 'a'.repeat(40);
const HEAD = 'b'.repeat(40);
const BASE = '/repos/example/forge';

interface Pull {
  readonly number: number;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string;
  readonly head: { readonly sha: string; readonly ref: string; readonly repo: { readonly full_name: string } | null };
  readonly base: { readonly ref: string };
}

const pull: Pull = {
  number: 7,
  merged_at: '2026-11-20T10:00:00Z',
  merge_commit_sha: MERGED,
  head: { sha: HEAD, ref: 'bigger', repo: { full_name: 'example/forge' } },
  base: { ref: 'main' },
};
const artifact = { name: 'plan-7', expired: false };

describe('the reviewed plan', () => {
  let answers: Record<string, unknown>;
  let asked: URL[];
  let api: Octokit;

  beforeAll(async () => {
    const { url: baseUrl } = await loopbackServer((request, response) => {
      const url = new URL(request.url!, 'http://127.0.0.1');
      asked.push(url);
      const answer = answers[url.pathname];
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { message: 'Not Found' }));
    });
    api = new Octokit({ baseUrl });
  });

  beforeEach(() => {
    asked = [];
    answers = {
      [`${BASE}/commits/${MERGED}/pulls`]: [{ ...pull, number: 6, merge_commit_sha: 'c'.repeat(40) }, pull],
      [`${BASE}/actions/workflows/plan.yml/runs`]: {
        workflow_runs: [
          { id: 1, run_number: 10 },
          { id: 3, run_number: 12 },
          { id: 2, run_number: 11 },
        ],
      },
      ...Object.fromEntries([1, 2, 3].map((id) => [`${BASE}/actions/runs/${id}/artifacts`, { artifacts: [artifact] }])),
    };
  });

  const find = () => reviewedRun(api, { owner: 'example', repo: 'forge' }, MERGED);

  it('is that of the newest successful run for the last commit of the pull request', async () => {
    expect(await find()).toEqual({ run: 3, artifact: 'plan-7' });
    const runs = asked.find(({ pathname }) => pathname.endsWith('/runs'))!;
    expect(Object.fromEntries(runs.searchParams)).toEqual({
      event: 'pull_request',
      status: 'success',
      head_sha: HEAD,
      branch: 'bigger',
    });
  });

  it('is that of an earlier run when the newest is not kept any more', async () => {
    answers[`${BASE}/actions/runs/3/artifacts`] = { artifacts: [{ ...artifact, expired: true }] };
    expect(await find()).toMatchObject({ run: 2 });
  });

  it('is none of another pull request that has the same commits', async () => {
    answers[`${BASE}/actions/runs/3/artifacts`] = { artifacts: [{ ...artifact, name: 'plan-8' }] };
    expect(await find()).toMatchObject({ run: 2 });
  });

  it.each<[string, Pull[], string]>([
    ['a push without a pull request', [], 'No pull request into main was merged as aaaaaaa'],
    [
      'a pull request that is still open',
      [{ ...pull, merged_at: null }],
      'No pull request into main was merged as aaaaaaa',
    ],
    [
      'a pull request into another branch',
      [{ ...pull, base: { ref: 'next' } }],
      'No pull request into main was merged as aaaaaaa',
    ],
    [
      'a fork, whatever it uploaded',
      [{ ...pull, head: { ...pull.head, repo: { full_name: 'someone/forge' } } }],
      'Pull request 7 came from a fork',
    ],
    ['a fork that is gone', [{ ...pull, head: { ...pull.head, repo: null } }], 'Pull request 7 came from a fork'],
  ])('is absent for %s, and the message says how to deploy all the same', async (_, pulls, message) => {
    answers[`${BASE}/commits/${MERGED}/pulls`] = pulls;
    const failure = await find().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CommandFailure);
    expect((failure as Error).message).toContain(message);
    expect((failure as Error).message).toContain('start the workflow "deploy" by hand');
  });

  it('is absent when no run kept one', async () => {
    answers[`${BASE}/actions/workflows/plan.yml/runs`] = { workflow_runs: [] };
    await expect(find()).rejects.toThrow('No plan of pull request 7 at bbbbbbb is kept');
  });
});
