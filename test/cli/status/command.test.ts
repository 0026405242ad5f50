import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { statusCommand } from '#cli/status/command';
import type { Terminal } from '#cli/output/terminal';
import { waitCommand } from '#cli/wait/command';
import { kubeconfigText } from '#clients/kubernetes/kubeconfig-text';
import { refused, sampleApi, type Answer, type SampleApi } from '#test/clients/kubernetes/sample-api';
import { newFolder } from '#test/new-folder';
import { skipPauses } from '#test/skip-pauses';
import { layers, node, workload } from './objects';

describe('forge status and forge wait with a kubeconfig', () => {
  let api: SampleApi;
  let folder: string;
  let file: string;
  let lists: Record<string, readonly unknown[]>;
  let forbidden: RegExp;
  let env: NodeJS.ProcessEnv;

  const answer = ({ path, method }: { path: string; method: string }): Answer => {
    if (method === 'PATCH') return { body: {} };
    if (forbidden.test(path)) return refused(403, `forbidden: ${path}`);
    return { body: { items: lists[path.split('/').at(-1)!] ?? [] } };
  };

  beforeAll(async () => {
    api = await sampleApi(answer, 'forge:operators');
    folder = newFolder('status');
    file = join(folder, 'kubeconfig.yaml');
    writeFileSync(file, kubeconfigText('test', api.access), { mode: 0o600 });
  });

  afterAll(async () => {
    await api.close();
  });

  beforeEach(() => {
    env = {};
    lists = { nodes: [node('forge-server-1')], applications: layers(), deployments: [workload('gitea')] };
    forbidden = /nothing/;
  });

  async function run(make: (terminal: Terminal, checkout: string) => Command, ...args: string[]) {
    let [out, err] = ['', ''];
    const notify = (text: string) => void (err += text);
    const write = (text: string) => void (out += text);
    const command = make({ env, ask: undefined, write, notify }, folder);
    command.exitOverride().configureOutput({ writeErr: notify });
    try {
      await command.parseAsync(['--kubeconfig', file, ...args], { from: 'user' });
      return { code: 0, out, err };
    } catch (error) {
      const { exitCode = 1, message, code } = error as { exitCode?: number; message: string; code?: string };
      return { code: code?.startsWith('commander.') ? 2 : exitCode, out, err: `${err}${message}` };
    }
  }

  it('prints the status and exits with 0 when all is well', async () => {
    const { code, out } = await run(statusCommand);
    expect(code).toBe(0);
    expect(out).toContain('layer-03-apps');
    expect(out).toContain('Everything is healthy.');
  });

  it('writes a summary with the URLs of the tools into the job of GitHub Actions, elsewhere to the terminal', async () => {
    lists = { ...lists, deployments: [workload('gitea', { wanted: 2, ready: 1 })] };
    const { code, out } = await run(statusCommand, '--summary');
    expect(code).toBe(0);
    for (const part of ['## Not healthy', 'https://gitea.', 'forge-server-1']) expect(out).toContain(part);
    const summary = join(folder, 'summary.md');
    env = { GITHUB_STEP_SUMMARY: summary };
    expect((await run(statusCommand, '--summary')).out).toBe('');
    expect(readFileSync(summary, 'utf8')).toBe(out);
  });

  it('names the certificates that the connection depends on, by whom they are for', async () => {
    const { certificates } = JSON.parse((await run(statusCommand, '--json')).out);
    expect(certificates.map(({ name }: { name: string }) => name)).toEqual([
      'cluster authority',
      'kubeconfig (O=forge:operators)',
      'API server',
      'k3s on forge-server-1',
    ]);
  });

  it('exits with 1, and its JSON stays readable, when something is not healthy', async () => {
    lists = { ...lists, deployments: [workload('gitea', { wanted: 2, ready: 1 })] };
    const { code, out, err } = await run(statusCommand, '--json');
    expect([code, JSON.parse(out).healthy]).toEqual([1, false]);
    expect(err).toBe('Not healthy.\n  apps: gitea');
  });

  it('judges what it may see, and names the rest', async () => {
    forbidden = /\/nodes$|argocd\/ingresses$/;
    const { code, out } = await run(statusCommand);
    expect(code).toBe(0);
    expect(out).toContain('Not to be seen from here\n  ingresses of argocd\n  nodes\n');
  });

  it('waits for the layers, and says at which commit they are', async () => {
    const pauses = skipPauses();
    const { code, out } = await run(waitCommand, '--timeout', '30s');
    jest.restoreAllMocks();
    expect(pauses).toEqual([3000]);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^All 4 layers are Synced and Healthy at a1b2c3d \(\d+ s\)\.\n$/),
    ]);
  });

  it('gives the reason and exits with 1 at the time-out', async () => {
    lists = { ...lists, applications: layers({ 'layer-02-database': { health: 'Degraded' } }) };
    const { code, out, err } = await run(waitCommand, '--timeout', '1s', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ healthy: false, blocking: { layer: 'layer-02-database' } });
    expect(err).toContain('not healthy after 1 s. Blocked by layer-02-database: sync is Synced, health is Degraded');
  });

  it('calls a time-out without a unit wrong use', async () => {
    expect((await run(waitCommand, '--timeout', '15')).code).toBe(2);
  });
});
