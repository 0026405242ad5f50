import { REPO, sampleGithub, type SampleGithub } from './sample-github';

const ISSUES = `${REPO}/issues`;
const JOB = 'ghs_job';
const SOMEBODY = 'ghp_somebody';
const READER = 'ghp_reader_of_pulls';
let sample: SampleGithub;

beforeEach(async () => {
  sample = await sampleGithub([
    { value: JOB, kind: 'actions', permissions: ['contents:read', 'pull_requests:write'] },
    { value: SOMEBODY, login: 'somebody', permissions: 'full' },
    { value: READER, permissions: ['pull_requests:read'] },
  ]);
});

describe('issues', () => {
  it('are opened, changed, closed and opened again', async () => {
    const { call, github } = sample;
    const opened = await call('POST', ISSUES, { title: 'Drift', body: 'vpc', labels: ['drift'] });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({
      number: 1,
      title: 'Drift',
      body: 'vpc',
      state: 'open',
      labels: [{ name: 'drift' }],
      user: { login: 'example' },
      author_association: 'OWNER',
      html_url: 'https://github.com/example/forge/issues/1',
      url: `${github.url}${ISSUES}/1`,
    });
    // As the real ones, too large for 32 bits.
    expect(opened.body.id).toBeGreaterThan(2 ** 31);
    const closed = await call('PATCH', `${ISSUES}/1`, { body: 'nothing any more', state: 'closed' });
    expect(closed.body).toMatchObject({ state: 'closed', state_reason: 'completed', body: 'nothing any more' });
    expect(closed.body.closed_at).not.toBeNull();
    const again = await call('PATCH', `${ISSUES}/1`, { state: 'open' });
    expect(again.body).toMatchObject({ title: 'Drift', state: 'open', state_reason: 'reopened', closed_at: null });
    expect((await call('PATCH', `${ISSUES}/2`, { state: 'open' })).status).toBe(404);
  });

  it('are found by state, labels and creator, the newest first', async () => {
    const { call } = sample;
    for (const title of ['one', 'two', 'three']) await call('POST', ISSUES, { title, labels: ['drift', title] });
    await call('PATCH', `${ISSUES}/2`, { state: 'closed' });
    const titles = async (query: string) =>
      (await call('GET', `${ISSUES}${query}`)).body.map(({ title }: { title: string }) => title);
    expect(await titles('')).toEqual(['three', 'one']);
    expect(await titles('?state=all')).toEqual(['three', 'two', 'one']);
    expect(await titles('?state=closed')).toEqual(['two']);
    expect(await titles('?labels=drift,one')).toEqual(['one']);
    expect(await titles('?creator=somebody')).toEqual([]);
    expect(await titles('?creator=example&per_page=1&page=2')).toEqual(['one']);
  });

  it('are refused with what is wrong', async () => {
    const { call } = sample;
    const long = await call('POST', ISSUES, { title: ' ', body: 'x'.repeat(65_537) });
    expect(long.status).toBe(422);
    expect(long.body).toMatchObject({ message: 'Validation Failed' });
    expect(long.body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ resource: 'Issue', field: 'title', message: "title can't be blank" }),
        expect.objectContaining({ field: 'body', message: 'body is too long (maximum is 65536 characters)' }),
      ]),
    );
  });
});

describe('a pull request', () => {
  it('is among the issues, says so, and is by the owner of its fork', async () => {
    const { call, github } = sample;
    github.openPullRequest({ number: 7 });
    github.openPullRequest({ fork: 'somebody/forge' });
    github.openPullRequest({ fork: null });
    await call('POST', ISSUES, { title: 'Drift' });
    const { body } = await call('GET', ISSUES);
    expect(body).toMatchObject([
      { number: 10, user: { login: 'example' }, html_url: 'https://github.com/example/forge/issues/10' },
      { number: 9, user: { login: 'ghost' } },
      { number: 8, user: { login: 'somebody' } },
      { number: 7, user: { login: 'example' }, html_url: 'https://github.com/example/forge/pull/7' },
    ]);
    expect(body.map((issue: object) => 'pull_request' in issue)).toEqual([false, true, true, true]);
    expect(() => github.openPullRequest({ number: 7 })).toThrow('number 7 is taken');
  });
});

describe('a comment', () => {
  const COMMENTS = `${ISSUES}/7/comments`;

  beforeEach(() => void sample.github.openPullRequest({ number: 7 }));

  it('is written by a person, somebody else or a job, and edited in place', async () => {
    const { as, call } = sample;
    const { body: first } = await call('POST', COMMENTS, { body: 'first' });
    expect(first.html_url).toBe(`https://github.com/example/forge/pull/7#issuecomment-${first.id}`);
    for (const token of [SOMEBODY, JOB]) await as(token)('POST', COMMENTS, { body: 'plan' });
    await call('PATCH', `${ISSUES}/comments/${first.id}`, { body: 'second' });
    expect((await call('GET', COMMENTS)).body).toMatchObject([
      { id: first.id, body: 'second', user: { login: 'example', type: 'User' }, author_association: 'OWNER' },
      { user: { login: 'somebody', type: 'User' }, author_association: 'NONE' },
      { user: { login: 'github-actions[bot]', type: 'Bot' } },
    ]);
  });

  it('needs the permission for pull requests, which is none for issues', async () => {
    const { as, call } = sample;
    await call('POST', ISSUES, { title: 'Drift' });
    const statusFor = async (token: string, path: string) => (await as(token)('POST', path, { body: 'plan' })).status;
    expect(await statusFor(READER, COMMENTS)).toBe(403);
    expect((await as(READER)('GET', COMMENTS)).body).toEqual([]);
    expect(await statusFor(JOB, `${ISSUES}/8/comments`)).toBe(403);
  });
});

it("the token of a workflow's job may not ask who it is", async () => {
  expect(await sample.as(JOB)('GET', '/user')).toMatchObject({
    status: 403,
    body: { message: 'Resource not accessible by integration' },
  });
});
