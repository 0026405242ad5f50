import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyPlanFolder, withWorkFolder, writePrivate } from '#cli/plan/plan-folder';
import { runPlans } from '#cli/plan/run/run-plans';
import { newFolder } from '#test/new-folder';

jest.setTimeout(60_000);

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the folder of plans', () => {
  let folder: string;
  let plans: string;

  beforeEach(() => {
    folder = newFolder('plans');
    plans = join(folder, 'plans');
  });

  it('is for its owner only, with all that is in it', async () => {
    emptyPlanFolder(plans);
    writePrivate(plans, 'network.json', '{}');
    expect([modeOf(plans), modeOf(join(plans, 'network.json'))]).toEqual([0o700, 0o600]);
    expect(await withWorkFolder(plans, (path) => Promise.resolve(modeOf(path)))).toBe(0o700);
    expect(readdirSync(plans)).toEqual(['network.json']);
  });

  it('takes a file away from those who could read it', () => {
    emptyPlanFolder(plans);
    writeFileSync(join(plans, 'network.json'), '', { mode: 0o644 });
    writePrivate(plans, 'network.json', '{}');
    expect(modeOf(join(plans, 'network.json'))).toBe(0o600);
  });

  it('loses what an earlier run wrote, also one that was interrupted, and nothing else', () => {
    mkdirSync(join(plans, '.plan-x'), { recursive: true });
    const names = ['cluster.json', 'cluster.meta.json', 'cluster.log', 'reviewed.json', '.plan-x/plan', 'comment.md'];
    for (const name of names) writeFileSync(join(plans, name), 'old');
    emptyPlanFolder(plans);
    expect(readdirSync(plans)).toEqual(['comment.md']);
  });

  it('is left alone in a merge queue, which is refused in words', async () => {
    const terminal = { env: { GITHUB_EVENT_NAME: 'merge_group' }, write: jest.fn(), notify: jest.fn(), ask: undefined };
    await expect(runPlans(terminal, { out: plans, errors: plans })).rejects.toThrow(
      'A merge queue cannot be used here',
    );
    expect(existsSync(plans)).toBe(false);
  });

  it('holds no plan of an earlier run when the stacks cannot be synthesised: each stack failed, and says why', async () => {
    emptyPlanFolder(plans);
    writePrivate(plans, 'network.json', '{}');
    const errors = join(plans, 'errors');
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, CDKTF_OUTPUT: join(folder, 'cdktf.out'), SPACES_ACCESS_KEY_ID: 'half-of-a-key' };
    const terminal = { env, write: () => undefined, notify: () => undefined, ask: undefined };
    expect(await runPlans(terminal, { out: plans, errors, stacks: ['network', 'cluster'] })).toEqual([
      'network',
      'cluster',
    ]);
    expect(existsSync(join(plans, 'network.json'))).toBe(false);
    expect(readdirSync(errors).sort()).toEqual(['cluster.log', 'network.log']);
    expect(readFileSync(join(errors, 'network.log'), 'utf8')).toContain('but not SPACES_SECRET_ACCESS_KEY');
    expect(JSON.parse(readFileSync(join(plans, 'reviewed.json'), 'utf8'))).toEqual({ stacks: {} });
  });
});
