import { reportDrift, type DriftReport } from '#cli/drift/report';
import { sampleJob, type SampleJob } from '#test/clients/github/sample-job';

jest.setTimeout(60_000);

const MARKER = '<!-- forge-drift forge/production -->';
const REPORT: DriftReport = { marker: MARKER, title: 'forge production is not as configured', body: '1 to change' };
const NOTHING = { ...REPORT, body: undefined };

describe('the issue about drift', () => {
  let job: SampleJob;

  beforeEach(async () => {
    job = await sampleJob();
  });

  const seen = () => job.issues().map(({ state, body, user }) => [state, body, user.login]);
  const OURS = 'github-actions[bot]';

  it('is opened with a label, and its address is told', async () => {
    expect(await reportDrift(job.terminal, REPORT)).toBe('Issue opened: https://github.com/example/forge/issues/1');
    const [issue] = job.issues();
    expect(issue).toMatchObject({
      title: REPORT.title,
      labels: [{ name: 'forge-drift' }],
      body: `${MARKER}\n1 to change`,
    });
  });

  it('is not opened while there is nothing to tell', async () => {
    expect(await reportDrift(job.terminal, NOTHING)).toBe('Everything is as it should be.');
    expect(job.issues()).toEqual([]);
  });

  it('is edited when something else differs, and left alone otherwise', async () => {
    await reportDrift(job.terminal, REPORT);
    expect(await reportDrift(job.terminal, REPORT)).toContain('says it already');
    expect(await reportDrift(job.terminal, { ...REPORT, body: '2 to change' })).toContain('Issue edited');
    expect(seen()).toEqual([['open', `${MARKER}\n2 to change`, OURS]]);
  });

  it('is closed when nothing differs any more, and keeps what it said', async () => {
    await reportDrift(job.terminal, REPORT);
    expect(await reportDrift(job.terminal, NOTHING)).toContain('as it should be again, issue closed');
    expect(seen()).toEqual([['closed', `${MARKER}\n1 to change`, OURS]]);
    expect(job.issues()[0]!.state_reason).toBe('completed');
    expect(await reportDrift(job.terminal, NOTHING)).toBe('Everything is as it should be.');
  });

  it('is the same one the next time', async () => {
    for (const report of [REPORT, NOTHING]) await reportDrift(job.terminal, report);
    expect(await reportDrift(job.terminal, { ...REPORT, body: '2 to change' })).toContain('Issue opened again');
    expect(seen()).toEqual([['open', `${MARKER}\n2 to change`, OURS]]);
  });

  it('is never one of somebody else, of another environment, or a pull request', async () => {
    await job.issue(job.somebody, 'Copied', `${MARKER}\n1 to change`);
    await job.issue(job.otherWorkflow, 'Other', '<!-- forge-drift forge/staging -->\n1 to change');
    job.open();
    await reportDrift(job.terminal, NOTHING);
    expect(job.issues().map(({ state }) => state)).toEqual(['open', 'open', 'open']);
    expect(await reportDrift(job.terminal, REPORT)).toContain('Issue opened');
    expect(job.issues()).toHaveLength(4);
  });

  it('is one issue of a GitHub App, which may not ask who it is', async () => {
    await job.issue(job.somebody, 'Copied', `${MARKER}\n1 to change`);
    for (const report of [REPORT, NOTHING, { ...REPORT, body: '2 to change' }]) await reportDrift(job.app, report);
    expect(await reportDrift(job.terminal, { ...REPORT, body: '2 to change' })).toContain('says it already');
    expect(seen()).toEqual([
      ['open', `${MARKER}\n1 to change`, 'somebody'],
      ['open', `${MARKER}\n2 to change`, 'acme-forge[bot]'],
    ]);
  });

  it('names the permission that the token lacks', async () => {
    await expect(reportDrift(job.readOnly, REPORT)).rejects.toMatchObject({
      message: 'GitHub did not take the issue about drift: GITHUB_TOKEN lacks the permission issues: write.',
      exitCode: 1,
    });
  });
});
