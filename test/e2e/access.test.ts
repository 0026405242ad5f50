/**
 * Access for a person, from the deployed network to kubectl.
 *
 * @jest-environment <rootDir>/test/chain.cjs
 */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { STACKS } from '#stacks/stack-names';
import { START_LIMIT_MS, startTestSandbox, type TestSandbox } from './harness';

jest.setTimeout(5 * 60_000);

const run = promisify(execFile);

describe('access to the cluster', () => {
  let test: TestSandbox;
  let KUBECONFIG: string;

  beforeAll(async () => {
    test = await startTestSandbox();
    KUBECONFIG = join(test.folder, 'kube', 'config');
    await test.deploy('network');
  }, START_LIMIT_MS);
  afterAll(() => test.end());

  const openings = async () => (await test.held('firewalls')).filter(({ name }) => name.includes('-access-'));

  it('is opened right after the deploy, and there when the command ends', async () => {
    const { code, text } = await test.forge(['access', 'open']);
    expect([code, text]).toEqual([0, expect.stringContaining('Open to 127.0.0.1 until')]);
    expect(await openings()).toEqual([expect.objectContaining({ tags: ['forge-production-server'] })]);
    expect((await test.kubectl('admin', ['get', '--raw', '/readyz'])).text).toBe('ok');
  });

  it('is for kubectl what the certificate says', async () => {
    const { kubectl } = await ensureSandboxTools(() => undefined);
    const whoAmI = async () => {
      const { stdout } = await run(kubectl, ['auth', 'whoami', '-o', 'json'], { env: { ...process.env, KUBECONFIG } });
      return (JSON.parse(stdout) as { status: { userInfo: { groups: string[] } } }).status.userInfo.groups;
    };
    // The first request that needs rights, as soon as the API answers: they are there.
    expect(await test.forge(['kubeconfig', '--merge'], { KUBECONFIG })).toMatchObject({ code: 0 });
    expect(await whoAmI()).toContain('forge:operators');
    expect(await test.forge(['kubeconfig', '--merge', '--use', '--admin'], { KUBECONFIG })).toMatchObject({ code: 0 });
    expect(await whoAmI()).toContain('forge:administrators');
  });

  it('is closed again, more than once', async () => {
    expect(await test.forge(['access', 'close'])).toMatchObject({ code: 0 });
    expect(await openings()).toEqual([]);
    expect(await test.forge(['access', 'close'])).toMatchObject({ code: 0, text: 'Nothing to close.\n' });
    expect(await test.forge(['access', 'sweep'])).toMatchObject({ code: 0 });
  });

  it("is open while a command runs, whose exit code is the command's", async () => {
    const { code, text } = await test.forge(['access', 'run', '--', 'sh', '-c', 'exit 7']);
    expect([code, text]).toEqual([7, expect.stringMatching(/Open to 127\.0\.0\.1 until .*Closed\./s)]);
    expect(await openings()).toEqual([]);
  });

  it('is all that a deploy of the three stacks needs, which leaves no secret behind', async () => {
    const { code, text } = await test.forge(['deploy', '--auto-approve']);
    expect([code, text]).toEqual([0, expect.stringMatching(/Deployed: network, cluster, github-secrets\n$/)]);
    expect(await openings()).toEqual([]);
    for (const stack of STACKS) {
      const left = readdirSync(test.stackFolder(stack));
      expect(left.filter((name) => /credentials|tfvars|^plan$/.test(name))).toEqual([]);
    }
    expect(await test.list('applications', 'argocd')).not.toEqual([]);
  });
});
