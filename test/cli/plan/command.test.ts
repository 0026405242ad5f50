import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { driftCommand } from '#cli/drift/command';
import { planCommand } from '#cli/plan/command';
import type { ReviewedPlans } from '#cli/plan/reviewed';
import type { Terminal } from '#cli/output/terminal';
import { STACKS } from '#stacks/stack-names';
import { sampleJob, type SampleJob } from '#test/clients/github/sample-job';
import { newFolder } from '#test/new-folder';

jest.setTimeout(60_000);

const ADDRESS = 'digitalocean_vpc.vpc';
const NOTHING: ReviewedPlans['stacks'] = Object.fromEntries(STACKS.map((stack) => [stack, { changes: [] }]));
const CHANGED: ReviewedPlans['stacks'] = {
  ...NOTHING,
  network: { changes: [{ address: ADDRESS, actions: ['update'] }] },
};

describe('commands about plans', () => {
  let folder: string;
  let plans: string;
  let job: SampleJob;

  beforeEach(async () => {
    job = await sampleJob();
    folder = newFolder('plans');
    plans = join(folder, 'plans');
    mkdirSync(join(plans, 'errors'), { recursive: true });
  });
  function planned(stacks: ReviewedPlans['stacks'], refreshed = true): void {
    writeFileSync(join(plans, 'reviewed.json'), JSON.stringify({ stacks }));
    for (const stack of STACKS) {
      const changes = stacks[stack]!.changes.map(({ address, actions }) => ({
        address,
        mode: 'managed',
        type: address.split('.')[0],
        change: { actions, before: {}, after: {} },
      }));
      const plan = { format_version: '1.2', resource_changes: changes };
      writeFileSync(join(plans, `${stack}.json`), JSON.stringify(plan));
      writeFileSync(join(plans, `${stack}.meta.json`), JSON.stringify({ refreshed }));
    }
  }

  async function run(
    make: typeof planCommand,
    args: readonly string[],
    { env, ...terminal }: Terminal = job.terminal,
  ): Promise<{ code: number; text: string }> {
    let text = '';
    const hear = (more: string) => void (text += more);
    const command = make({ ...terminal, env: { ...env, FORGE_CONFIG: 'forge.yaml' }, write: hear, notify: hear });
    for (const one of [command, ...command.commands]) {
      one.exitOverride().configureOutput({ writeOut: hear, writeErr: hear });
    }
    try {
      await command.parseAsync([...args], { from: 'user' });
      return { code: 0, text };
    } catch (error) {
      const { message, exitCode } = error as { message: string; exitCode: number };
      return { code: exitCode, text: text + message };
    }
  }

  describe('forge plan comment', () => {
    const comment = (...args: string[]) => run(planCommand, ['comment', '--plans', plans, ...args]);

    it('prints the plan, and puts it into the summary of a job', async () => {
      planned(CHANGED);
      const { code, text } = await comment();
      expect([code, text]).toEqual([0, expect.stringContaining(ADDRESS)]);
      expect(job.summary().trimEnd()).toBe(text.trimEnd());
    });

    it('writes a file and comments', async () => {
      planned(CHANGED);
      job.open();
      const { code, text } = await comment('--out', join(folder, 'comment.md'), '--post');
      expect([code, text]).toEqual([0, expect.stringMatching(/^Commented: https:.*\n$/)]);
      expect(readFileSync(join(folder, 'comment.md'), 'utf8')).toContain(ADDRESS);
      expect(job.comments()[0]!.body).toContain(ADDRESS);
    });

    it('puts the plan into the summary although the comment is refused', async () => {
      planned(CHANGED);
      job.open();
      const { code, text } = await run(planCommand, ['comment', '--plans', plans, '--post'], job.readOnly);
      expect([code, text]).toEqual([1, expect.stringContaining('lacks the permission pull-requests: write')]);
      expect(job.summary()).toContain(ADDRESS);
    });

    it('shows what there is when no stack could be planned', async () => {
      writeFileSync(join(plans, 'errors', 'network.log'), 'oops');
      expect((await comment()).code).toBe(0);
    });

    it('says how to make plans when there are none', async () => {
      expect(await comment()).toEqual({
        code: 1,
        text: `${plans} holds no plans. Make them: npx forge plan run --out ${plans}`,
      });
    });
  });

  describe('forge plan reviewed', () => {
    it('needs a commit, and says when GitHub shows none of its plans', async () => {
      expect(await run(planCommand, ['reviewed'])).toEqual({
        code: 1,
        text: 'This is no job of GitHub Actions. Name the commit: --commit <sha>',
      });
      const { code, text } = await run(planCommand, ['reviewed', '--commit', 'a'.repeat(40)], job.readOnly);
      expect([code, text]).toEqual([1, expect.stringMatching(/nobody saw its plan|GitHub did not tell which plan/)]);
    });
  });

  describe('forge plan check', () => {
    const check = (reviewed: string) => run(planCommand, ['check', '--plans', plans, '--reviewed', reviewed]);
    const reviewed = (stacks: object) => {
      writeFileSync(join(folder, 'reviewed.json'), JSON.stringify({ stacks }));
      return join(folder, 'reviewed.json');
    };

    it('passes what was reviewed, from the file or its folder', async () => {
      planned(CHANGED);
      const file = reviewed(CHANGED);
      for (const place of [file, folder]) {
        expect(await check(place)).toEqual({ code: 0, text: 'Every planned change was reviewed.\n' });
      }
    });

    it('stops at something else, and says what and what to do', async () => {
      planned(CHANGED);
      expect(await check(reviewed(NOTHING))).toEqual({
        code: 1,
        text:
          'What is planned now was not reviewed:\n' +
          '  network: update digitalocean_vpc.vpc (reviewed: no change)\n' +
          'Something changed since the review. Plan again in a pull request and have it reviewed, or start a deploy by hand.',
      });
    });

    it('says what is missing or wrong', async () => {
      planned(CHANGED);
      expect(await check(join(folder, 'nowhere.json'))).toMatchObject({
        code: 1,
        text: expect.stringMatching(/There is no .*nowhere.json/),
      });
      expect(await check(join(plans, 'network.meta.json'))).toMatchObject({
        code: 2,
        text: expect.stringMatching(/is not what/),
      });
      rmSync(join(plans, 'reviewed.json'));
      expect(await check(reviewed(CHANGED))).toMatchObject({
        code: 1,
        text: expect.stringMatching(/There is no .*plans\/reviewed.json/),
      });
    });
  });

  describe('forge plan run', () => {
    it('knows the stacks', async () => {
      const { code, text } = await run(planCommand, ['run', '--stack', 'netwrok']);
      expect(code).not.toBe(0);
      expect(text).toContain('Allowed choices are network, cluster, github-secrets');
    });

    it.each([
      ['TF_WORKSPACE', 'planted'],
      ['TF_CLI_ARGS_plan', '-target=planted'],
    ])('plans nothing, and loses no plan, with a %s', async (name, value) => {
      planned(CHANGED);
      const terminal = { ...job.terminal, env: { ...job.terminal.env, [name]: value } };
      const { code, text } = await run(planCommand, ['run', '--out', plans], terminal);
      expect([code, text]).toEqual([2, expect.stringContaining(`unset ${name}`)]);
      expect(text).not.toContain('planted');
      expect(readFileSync(join(plans, 'network.json'), 'utf8')).toContain(ADDRESS);
    });
  });

  describe('forge drift report', () => {
    const report = (...lines: readonly string[]) => {
      writeFileSync(join(plans, 'findings.json'), JSON.stringify({ isDeployed: true, lines }));
      return run(driftCommand, ['report', '--plans', plans]);
    };

    it('tells differences in an issue, and closes it when there is none any more', async () => {
      planned(CHANGED);
      expect((await report()).text).toBe('Issue opened: https://github.com/example/forge/issues/1\n');
      expect(job.issues()[0]!.body).toContain(ADDRESS);
      expect(job.summary()).toContain(ADDRESS);
      planned(NOTHING);
      expect((await report()).text).toContain('issue closed');
      expect(job.issues()[0]!.state).toBe('closed');
    });

    it('tells that a stack cannot be planned', async () => {
      planned(NOTHING);
      writeFileSync(join(plans, 'errors', 'cluster.log'), 'oops');
      expect((await report()).text).toContain('Issue opened');
    });

    it.each([
      ['a plan that is not complete', { unfinished: 'incomplete' }],
      ['a check that fails', { failing: ['check.a'] }],
      ['an output that differs', { outputs: { address: ['update'] } }],
    ] as const)('takes %s for no proof that all is well', async (_, more) => {
      planned({ ...NOTHING, network: { changes: [], ...structuredClone(more) } } as ReviewedPlans['stacks']);
      expect((await report()).text).toContain('Issue opened');
    });

    it('tells what else was found in the same issue, which nothing in it can format, and closes it when all is well', async () => {
      planned(NOTHING);
      expect((await report('The snapshots of etcd are late.', 'cc @owner `x`')).text).toContain('Issue opened');
      const [issue] = job.issues();
      expect(issue!.title).toMatch(/ is not well$/);
      expect(issue!.body).toContain("- `The snapshots of etcd are late.`\n- `cc @owner 'x'`");
      planned(CHANGED);
      expect((await report()).text).toContain('Issue edited');
      expect(job.issues()[0]!.title).toMatch(/ is not as configured$/);
      planned(NOTHING);
      expect((await report()).text).toContain('issue closed');
    });

    it('tells what was found where no plan could be made at all', async () => {
      expect((await report('Spaces does not answer')).text).toContain('Issue opened');
    });

    it('reports nothing where nobody looked', async () => {
      planned(NOTHING);
      const { code, text } = await run(driftCommand, ['report', '--plans', plans]);
      expect([code, text]).toEqual([1, expect.stringContaining('npx forge drift look')]);
    });
  });
});
