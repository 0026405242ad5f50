import { postComment } from '#cli/plan/comment/post-comment';
import { injectFault } from '#sandbox/cloud/http/faults';
import { primaryRateLimit, secondaryRateLimit } from '#test/sandbox/cloud/github/rate-limits';
import { sampleJob, type SampleJob } from '#test/clients/github/sample-job';
import { skipTimers } from '#test/skip-pauses';

jest.setTimeout(60_000);

const MARKER = '<!-- forge-plan forge/production -->';
const PLAN = `${MARKER}\n1 to add`;

describe('the plan on a pull request', () => {
  let job: SampleJob;

  beforeEach(async () => {
    job = await sampleJob();
    job.open();
  });
  afterEach(() => jest.restoreAllMocks());

  const bodies = () => job.comments().map(({ body }) => body);
  const failure = async (terminal = job.terminal) =>
    (await postComment(terminal, PLAN).then(
      () => undefined,
      (error: unknown) => error,
    )) as { message: string; exitCode: number };

  it('becomes a comment, and the address is told', async () => {
    expect(await postComment(job.terminal, PLAN)).toMatch(
      /^Commented: https:\/\/github\.com\/example\/forge\/pull\/1#issuecomment-\d+$/,
    );
    expect(bodies()).toEqual([PLAN]);
    expect(job.comments()[0]!.user.login).toBe('github-actions[bot]');
  });

  it('is edited in place by the next run', async () => {
    await postComment(job.terminal, PLAN);
    const { id } = job.comments()[0]!;
    expect(await postComment(job.terminal, `${MARKER}\n2 to add`)).toContain('Comment edited');
    expect(job.comments()).toMatchObject([{ id, body: `${MARKER}\n2 to add` }]);
  });

  it('is left alone when it says the same already', async () => {
    await postComment(job.terminal, PLAN);
    const before = structuredClone(job.comments());
    expect(await postComment(job.terminal, PLAN)).toContain('says it already');
    expect(job.comments()).toEqual(before);
  });

  it('never touches what others wrote, even with our marker', async () => {
    await job.comment(job.somebody, PLAN);
    await postComment(job.terminal, `${MARKER}\n2 to add`);
    expect(bodies()).toEqual([PLAN, `${MARKER}\n2 to add`]);
  });

  it('never touches what other workflows of the repository wrote, or that quotes it', async () => {
    const others = ['Coverage: 90 %', `> ${MARKER}\n> 1 to add`, '<!-- forge-plan forge/staging -->\n1 to add'];
    for (const body of others) await job.comment(job.otherWorkflow, body);
    await postComment(job.terminal, PLAN);
    expect(bodies()).toEqual([...others, PLAN]);
  });

  it('finds its comment behind a hundred others', async () => {
    await postComment(job.terminal, PLAN);
    for (let count = 0; count < 120; count++) await job.comment(job.somebody, `Comment ${count}`);
    expect(await postComment(job.terminal, `${MARKER}\n2 to add`)).toContain('Comment edited');
    expect(job.comments()).toHaveLength(121);
  });

  it("is written by a person's token, too", async () => {
    const terminal = { ...job.terminal, env: { ...job.terminal.env, GITHUB_TOKEN: 'ghp_somebody' } };
    await postComment(terminal, PLAN);
    await postComment(terminal, `${MARKER}\n2 to add`);
    expect(job.comments().map(({ user, body }) => [user.login, body])).toEqual([['somebody', `${MARKER}\n2 to add`]]);
  });

  it('is one comment of a GitHub App, which may not ask who it is', async () => {
    await job.comment(job.somebody, PLAN);
    for (const count of [1, 2, 3]) await postComment(job.app, `${MARKER}\n${count} to add`);
    expect(await postComment(job.app, `${MARKER}\n3 to add`)).toContain('says it already');
    expect(job.comments().map(({ user, body }) => [user.login, body])).toEqual([
      ['somebody', PLAN],
      ['acme-forge[bot]', `${MARKER}\n3 to add`],
    ]);
  });

  it("stays one comment when a job's token takes over from an App, or the other way round", async () => {
    for (const terminal of [job.app, job.terminal, job.app]) await postComment(terminal, PLAN);
    await postComment(job.terminal, `${MARKER}\n2 to add`);
    expect(job.comments().map(({ user, body }) => [user.login, body])).toEqual([
      ['acme-forge[bot]', `${MARKER}\n2 to add`],
    ]);
  });

  it("leaves an App's comment of another environment alone, and one that quotes it", async () => {
    const others = ['<!-- forge-plan forge/staging -->\n1 to add', `> ${MARKER}\n> 1 to add`];
    for (const body of others) await postComment(job.app, body);
    await postComment(job.app, PLAN);
    expect(bodies()).toEqual([...others, PLAN]);
  });

  it.each([
    ['a fork', 'stranger/forge'],
    ['a fork that was deleted', null],
  ])('stays in the summary for %s', async (_, fork) => {
    job.open({ fork });
    expect(await postComment(job.terminal, PLAN)).toContain('comes from a fork');
    expect(bodies()).toEqual([]);
  });

  it('is no fork that spells the repository in other capitals', async () => {
    job.event({ pull_request: { number: 1, head: { repo: { full_name: 'Example/Forge' } } } });
    expect(await postComment(job.terminal, PLAN)).toContain('Commented');
  });

  it('stays in the summary for a job without a pull request', async () => {
    job.event({ ref: 'refs/heads/main' });
    expect(await postComment(job.terminal, PLAN)).toContain('not about a pull request');
    expect(bodies()).toEqual([]);
  });

  it('names the permission that the token lacks', async () => {
    expect(await failure(job.readOnly)).toMatchObject({
      message:
        'GitHub did not take the comment on pull request 1: GITHUB_TOKEN lacks the permission pull-requests: write.',
      exitCode: 1,
    });
  });

  it('says that a token is not valid any more', async () => {
    const terminal = { ...job.terminal, env: { ...job.terminal.env, GITHUB_TOKEN: 'ghs_old' } };
    expect((await failure(terminal)).message).toContain('GITHUB_TOKEN is not valid any more');
  });

  it('waits for a short limit, and says so', async () => {
    const pauses = skipTimers(1000);
    injectFault(job.github.conditions, secondaryRateLimit({ waitSeconds: 1, operation: 'issues:read' }));
    expect(await postComment(job.terminal, PLAN)).toContain('Commented');
    expect([job.notified, pauses]).toEqual([['GitHub asks to wait 1 s: too many requests.\n'], [1000]]);
  });

  it('gives up at a long limit', async () => {
    injectFault(job.github.conditions, primaryRateLimit({ waitSeconds: 3000, times: 9, operation: 'issues:write' }));
    expect(await failure()).toMatchObject({ message: expect.stringContaining('too many requests'), exitCode: 1 });
    expect(bodies()).toEqual([]);
  });

  it('is sent again when the connection breaks', async () => {
    const pauses = skipTimers(1000);
    injectFault(job.github.conditions, { operation: 'issues:write', effect: { kind: 'crash-before' } });
    expect(await postComment(job.terminal, PLAN)).toContain('Commented');
    expect([bodies(), pauses]).toEqual([[PLAN], [1000]]);
  });

  it('says that GitHub cannot be reached', async () => {
    const pauses = skipTimers(1000, 4000);
    const terminal = { ...job.terminal, env: { ...job.terminal.env, GITHUB_API_URL: 'http://127.0.0.1:9' } };
    expect(await failure(terminal)).toMatchObject({
      message: expect.stringContaining('cannot be reached'),
      exitCode: 1,
    });
    expect(pauses).toEqual([1000, 4000]);
  });

  it.each(['GITHUB_TOKEN', 'GITHUB_REPOSITORY', 'GITHUB_EVENT_PATH'])('says that %s is missing', async (name) => {
    const { message, exitCode } = await failure({ ...job.terminal, env: { ...job.terminal.env, [name]: '' } });
    expect(message).toContain(`environment variable ${name} is missing`);
    expect(exitCode).toBe(1);
  });

  it('says that the event is none', async () => {
    job.event({ pull_request: 'oops' });
    expect((await failure()).message).toContain('is not an event of GitHub Actions');
  });
});
