import { FIRST_CHANGE, refuseNewerDeploy } from '#cli/plan/newer-deploy';
import { loopbackServer, type LoopbackServer } from '#test/loopback-server';

const OWN = 'a'.repeat(40);
const NEWER = 'b'.repeat(40);
const BASE = '/repos/example/forge/actions';

interface Step {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
}

describe('a deploy', () => {
  let server: LoopbackServer;
  /** Runs, newest first, with the steps of their first job. */
  let runs: { number: number; commit: string; steps: Step[] }[];
  let asked: string[];

  beforeAll(async () => {
    server = await loopbackServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://127.0.0.1');
      asked.push(pathname);
      const [, id] = /runs\/(\d+)\/jobs$/.exec(pathname) ?? [];
      const workflow_runs = runs.map(({ number, commit }) => ({
        id: number,
        run_number: number,
        head_sha: commit,
        html_url: `https://github.com/runs/${number}`,
      }));
      const page = Number(searchParams.get('page') ?? 1);
      const answer =
        id === undefined
          ? { total_count: runs.length, workflow_runs: page === 1 ? workflow_runs : [] }
          : { total_count: 1, jobs: [{ steps: runs.find(({ number }) => number === Number(id))!.steps }] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  beforeEach(() => {
    asked = [];
  });

  const step = (conclusion: string | null, status = 'completed'): Step => ({ name: FIRST_CHANGE, status, conclusion });
  const own = { number: 5, commit: OWN, steps: [step('failure')] };
  const older = { number: 4, commit: 'c'.repeat(40), steps: [step('success')] };
  const begin = (env: NodeJS.ProcessEnv = {}) =>
    refuseNewerDeploy({
      env: {
        GITHUB_API_URL: server.url,
        GITHUB_REPOSITORY: 'example/forge',
        GITHUB_TOKEN: 'token',
        GITHUB_SHA: OWN,
        GITHUB_RUN_NUMBER: '5',
        ...env,
      },
      write: () => undefined,
      notify: () => undefined,
      ask: undefined,
    });

  it.each([
    ['nothing newer', []],
    ['a newer run for the same commit', [{ number: 6, commit: OWN, steps: [step('success')] }]],
    ['a newer run that waits for its turn', [{ number: 6, commit: NEWER, steps: [] }]],
    ['a newer run that its check stopped', [{ number: 6, commit: NEWER, steps: [step('skipped')] }]],
    ['a newer run whose step is still to come', [{ number: 6, commit: NEWER, steps: [step(null, 'queued')] }]],
  ])('goes on when there is %s', async (_, newer) => {
    runs = [...newer, own, older];
    await begin();
  });

  it.each([
    ['deployed', step('success')],
    ['failed on its way', step('failure')],
    ['was cancelled on its way', step('cancelled')],
    ['is deploying', step(null, 'in_progress')],
  ])('stops when a newer run %s', async (_, one) => {
    const waiting = { number: 7, commit: 'd'.repeat(40), steps: [] };
    runs = [waiting, { number: 6, commit: NEWER, steps: [one] }, own, older];
    await expect(begin()).rejects.toThrow(
      'bbbbbbb is deployed, which is newer than aaaaaaa of this run: https://github.com/runs/6',
    );
  });

  it('asks about no run that is older', async () => {
    runs = [own, older];
    await begin();
    expect(asked).toEqual([`${BASE}/workflows/deploy.yml/runs`]);
  });

  it('says so outside of a run', async () => {
    await expect(begin({ GITHUB_RUN_NUMBER: '' })).rejects.toThrow('This is no run of the workflow deploy.');
  });
});
