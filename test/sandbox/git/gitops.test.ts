import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startGitOps, type GitOps } from '#sandbox/git/gitops';
import { ownEnvironment } from '#sandbox/git/git';
import { listenForControl } from '#sandbox/daemon/control';
import { LOOPBACK_NETWORK } from '#test/loopback-network';
import { newFolder } from '#test/new-folder';

const ADDRESS = `${LOOPBACK_NETWORK}.248.1`;

describe("the sandbox's Git repository", () => {
  let folder: string;
  let checkout: string;
  let gitops: GitOps;
  let control: Server;
  const events: { ref: string; before: string; after: string; commits: { modified: string[] }[] }[] = [];

  const git = async (...args: string[]) => {
    const { stdout, stderr } = await promisify(execFile)('git', args, { env: ownEnvironment() });
    return stdout + stderr;
  };
  const write = (path: string, text: string) => {
    writeFileSync(join(checkout, path), text);
  };
  const asArgoCdReads = async (path: string) => {
    const copy = join(folder, 'as-argocd-reads-it');
    rmSync(copy, { recursive: true, force: true });
    await git('clone', '--quiet', gitops.url, copy);
    return readFileSync(join(copy, path), 'utf8');
  };

  beforeAll(async () => {
    folder = newFolder('gitops');
    checkout = join(folder, 'checkout');
    mkdirSync(join(checkout, 'k8s'), { recursive: true });
    write('k8s/app.yaml', 'replicas: 1\n');
    write('.gitignore', '*.secret\n');
    await git('init', '--quiet', '--initial-branch=work', checkout);
    await git('-C', checkout, 'add', '.');
    await git('-C', checkout, 'commit', '--quiet', '-m', 'Begin');
    write('.git/info/exclude', 'notes.txt\n');
    const controlSocket = join(folder, 'control.sock');
    gitops = await startGitOps({
      folder: join(folder, 'git'),
      address: ADDRESS,
      repository: 'acme/forge',
      branch: 'main',
      controlSocket,
      announce: (payload) => {
        events.push(payload as (typeof events)[number]);
        return Promise.resolve([{ webhook: 1, url: 'https://argocd.example.org/api/webhook', status: 200 }]);
      },
    });
    control = await listenForControl(controlSocket, { '/pushed': () => gitops.pushed() });
  });

  afterAll(async () => {
    await gitops.stop();
    control.close();
  });

  it('takes a checkout in which everything is committed', async () => {
    expect(await gitops.publish(checkout)).toEqual(['GitHub told Argo CD at once.']);
    expect(await asArgoCdReads('k8s/app.yaml')).toBe('replicas: 1\n');
  });

  it('takes a working tree with what is not committed, without what is ignored', async () => {
    write('k8s/app.yaml', 'replicas: 2\n');
    write('k8s/new.yaml', 'kind: ConfigMap\n');
    write('token.secret', 'planted');
    write('notes.txt', 'planted');

    await gitops.publish(checkout);

    expect(await asArgoCdReads('k8s/app.yaml')).toBe('replicas: 2\n');
    expect(await asArgoCdReads('k8s/new.yaml')).toBe('kind: ConfigMap\n');
    const files = await git('-C', gitops.path, 'ls-tree', '-r', '--name-only', 'main');
    expect(files.trimEnd().split('\n')).toEqual(['.gitignore', 'k8s/app.yaml', 'k8s/new.yaml']);
  });

  it('leaves the checkout as it was', async () => {
    expect(await git('-C', checkout, 'log', '--format=%s')).toBe('Begin\n');
    expect(await git('-C', checkout, 'status', '--porcelain')).toBe(' M k8s/app.yaml\n?? k8s/new.yaml\n');
  });

  it('does nothing for a working tree that it has already', async () => {
    expect(await gitops.publish(checkout)).toEqual([expect.stringContaining('Nothing changed on main')]);
  });

  it('announces a push with the files that changed, and tells who pushed', async () => {
    const clone = join(folder, 'clone');
    await git('clone', '--quiet', gitops.path, clone);
    writeFileSync(join(clone, 'k8s/app.yaml'), 'replicas: 3\n');
    await git('-C', clone, 'commit', '--quiet', '--all', '-m', 'Raise the replicas');

    const told = await git('-C', clone, 'push', 'origin', 'HEAD:main');

    expect(told).toContain('remote: GitHub told Argo CD at once.');
    expect(await asArgoCdReads('k8s/app.yaml')).toBe('replicas: 3\n');
    expect(events.at(-1)).toMatchObject({ ref: 'refs/heads/main', commits: [{ modified: ['k8s/app.yaml'] }] });
    expect(events.at(-1)!.before).toBe(events.at(-2)!.after);
  });

  it('gives Argo CD the commit that was pushed', async () => {
    const pushed = (await git('-C', join(folder, 'clone'), 'rev-parse', 'HEAD')).trim();
    expect(await git('ls-remote', gitops.url, 'main')).toBe(`${pushed}\trefs/heads/main\n`);
    expect(events.at(-1)!.after).toBe(pushed);
  });

  it('tells who pushes to another branch that nothing comes of it', async () => {
    const clone = join(folder, 'clone');
    const told = await git('-C', clone, 'push', 'origin', 'HEAD:try');
    expect(told).toContain('remote: Nothing changed on main');
  });

  it('lets nobody push over HTTP', async () => {
    const clone = join(folder, 'clone');
    await expect(git('-C', clone, 'push', gitops.url, 'HEAD:main')).rejects.toThrow(/403|not enabled/);
  });

  it('serves nothing but the repository', async () => {
    const origin = new URL(gitops.url).origin;
    for (const path of [
      '/',
      '/acme/other.git/info/refs',
      '/acme/forge.git/../../settings.json',
      '/acme/forge.git/config',
    ]) {
      expect((await fetch(`${origin}${path}`)).status).toBeGreaterThanOrEqual(400);
    }
  });
});
