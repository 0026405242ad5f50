/** What the workflows that change an environment do, one command after the other: each `npx` only writes down how it was called. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '#test/new-folder';
import type { Value } from './expression';
import { runWorkflow, type RunReport } from './runner';
import { readWorkflow } from './workflow-file';

const NPX = `#!/bin/sh
echo "$* \${DIGITALOCEAN_TOKEN:-no-token}" >> "$CALLS"
case "$*" in
  'forge plan reviewed') printf 'run-id=4711\\nartifact=plan-7\\n' >> "$GITHUB_OUTPUT" ;;
  'forge kubeconfig seal kubeconfigs') mkdir kubeconfigs && touch kubeconfigs/kubeconfig.yaml ;;
esac
case "$*" in "$FAILING"*) exit 1 ;; esac
`;
const DEPLOYS = ['network', 'cluster', 'github-secrets'];

describe('a run of the workflow', () => {
  let folder: string;
  let calls: string[];

  beforeEach(() => {
    folder = newFolder('delivery');
    calls = [];
    for (const name of ['bin', 'workspace', 'artifacts/plan-7']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'bin/npx'), NPX);
    chmodSync(join(folder, 'bin/npx'), 0o755);
    writeFileSync(join(folder, 'artifacts/plan-7/reviewed.json'), '{}');
  });

  interface Event {
    readonly name: string;
    readonly ref?: string;
    readonly payload?: Readonly<Record<string, Value>>;
    readonly failing?: string;
  }

  async function run(workflow: string, { name, ref = 'main', payload = {}, failing = 'nothing' }: Event) {
    const report = await runWorkflow(readWorkflow(workflow), {
      workspace: join(folder, 'workspace'),
      artifacts: join(folder, 'artifacts'),
      env: {
        PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
        FAILING: failing,
        CALLS: join(folder, 'calls'),
      },
      secrets: {},
      environments: { production: { DIGITALOCEAN_TOKEN: 'of-production' } },
      event: { name, payload },
      inputs: { confirm: 'forge-production' },
      github: { token: 'of-the-job', ref: `refs/heads/${ref}` },
    });
    const file = join(folder, 'calls');
    calls = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    return report;
  }

  const results = ({ jobs }: RunReport) => Object.values(jobs).map(({ result }) => result);
  const deployed = () => calls.flatMap((call) => /^cdktf deploy (\S+)/.exec(call)?.[1] ?? []);
  const at = (command: string) => calls.findIndex((call) => call.startsWith(command));

  it('deploy, of a merge, compares with the plan of its pull request before it changes anything', async () => {
    const report = await run('deploy', { name: 'push' });
    expect(new Set(results(report))).toEqual(new Set(['success']));
    expect(existsSync(join(folder, 'workspace/reviewed/reviewed.json'))).toBe(true);
    expect(calls[0]).toBe('forge plan reviewed no-token');
    expect(at('forge plan check')).toBeGreaterThan(at('forge plan run'));
    expect(at('cdktf deploy network')).toBeGreaterThan(at('forge plan check'));
    expect(deployed()).toEqual(DEPLOYS);
    expect(calls).toContain('cdktf deploy network --auto-approve of-production');
  });

  it('deploy, by hand, compares with nothing', async () => {
    await run('deploy', { name: 'workflow_dispatch' });
    expect(calls.filter((call) => /plan (reviewed|run|check)/.test(call))).toEqual([]);
    expect(deployed()).toEqual(DEPLOYS);
  });

  it.each([
    ['plan reviewed', []],
    ['plan newer', []],
    ['plan check', []],
    ['access open', ['network']],
    ['cdktf deploy cluster', ['network', 'cluster']],
  ])('deploy stops where `%s` fails, and closes what it opened', async (failing, stacks) => {
    const report = await run('deploy', {
      name: 'push',
      failing: failing.startsWith('cdktf') ? failing : `forge ${failing}`,
    });
    expect(report.result).toBe('failure');
    expect(deployed()).toEqual(stacks);
    const opened = calls.filter((call) => call.startsWith('forge access open'));
    expect(calls.filter((call) => call.startsWith('forge access close'))).toHaveLength(opened.length);
  });

  it('deploy leaves a sealed kubeconfig also when a layer is not Healthy', async () => {
    expect((await run('deploy', { name: 'push', failing: 'forge wait' })).result).toBe('failure');
    expect(at('forge kubeconfig seal')).toBeGreaterThan(at('forge wait'));
    expect(existsSync(join(folder, 'artifacts/kubeconfig.yaml/kubeconfig.yaml'))).toBe(true);
  });

  it.each<[string, Event]>([
    ['another branch', { name: 'workflow_dispatch', ref: 'mine' }],
    ['the push that makes main', { name: 'push', payload: { created: true } }],
  ])('deploy does nothing for %s', async (_, event) => {
    expect(new Set(results(await run('deploy', event)))).toEqual(new Set(['skipped']));
    expect(calls).toEqual([]);
  });

  it('destroy ends the environment also when its API cannot be opened, and nothing from another branch', async () => {
    expect((await run('destroy', { name: 'workflow_dispatch', failing: 'forge access open' })).result).toBe('success');
    expect(calls.map((call) => call.split(' ').slice(0, 3).join(' '))).toEqual([
      'forge access open',
      'forge destroy --confirm',
      'forge access close',
      'forge sweep of-production',
    ]);
    rmSync(join(folder, 'calls'));
    await run('destroy', { name: 'workflow_dispatch', ref: 'mine' });
    expect(calls).toEqual([]);
  });
});
