import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CommanderError } from 'commander';
import { layersCommand } from '#cli/layers/command';

const K8S = join(__dirname, '../../../k8s');

describe('forge layers removed', () => {
  let original: string;
  let checkout: string;

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', checkout, '-c', 'user.name=one', '-c', 'user.email=one@example.org', ...args], {
      env: { PATH: process.env['PATH'], HOME: checkout, GIT_CONFIG_NOSYSTEM: '1' },
      stdio: 'pipe',
    }).toString();
  const commit = () => {
    git('add', '-A');
    git('commit', '-qm', 'change');
  };

  beforeAll(() => {
    original = checkout = mkdtempSync(join(tmpdir(), 'forge-layers-'));
    cpSync(K8S, join(checkout, 'k8s'), { recursive: true });
    git('init', '-qb', 'main');
    commit();
  });

  afterAll(() => rmSync(original, { recursive: true }));

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'forge-layers-'));
    cpSync(original, checkout, { recursive: true });
  });

  afterEach(() => rmSync(checkout, { recursive: true }));

  const at = (path: string) => join(checkout, 'k8s', path);
  const remove = (path: string) => rmSync(at(path));
  const edit = (path: string, change: (text: string) => string) => {
    const before = readFileSync(at(path), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(at(path), after);
  };
  const write = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };

  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const terminal = {
      ...{ env: {}, ask: undefined },
      write: (text: string) => void (out += text),
      notify: (text: string) => void (err += text),
    };
    const command = layersCommand(terminal, checkout);
    for (const one of [command, ...command.commands]) one.exitOverride().configureOutput({ writeErr: terminal.notify });
    try {
      await command.parseAsync(['removed', ...(args.includes('--base') ? [] : ['--base', 'main']), ...args], {
        from: 'user',
      });
      return { code: 0, out, err };
    } catch (error) {
      const { code, exitCode = 1, message } = error as Partial<CommanderError>;
      return { code: code?.startsWith('commander.') ? 2 : exitCode, out, err: `${err}${message}` };
    }
  }
  /** kind/name: effect */
  const effects = async (...args: string[]) => {
    const { out, code } = await run('--json', ...args);
    const found = JSON.parse(out) as { object: { kind: string; name: string }; effect: string }[];
    return { code, found: found.map(({ object, effect }) => `${object.kind}/${object.name}: ${effect}`).sort() };
  };

  it('finds nothing where nothing changed', async () => {
    expect(await run()).toEqual({ code: 0, out: 'The change removes no object.\n', err: '' });
  });

  it('lists what goes with a file, spares the volume, and lets it pass', async () => {
    remove('03-apps/gitea.yaml');
    const { code, found } = await effects();
    expect(code).toBe(0);
    expect(found).toEqual(
      expect.arrayContaining([
        'Deployment/gitea: goes',
        'Service/gitea-svc: goes',
        'PersistentVolumeClaim/gitea-data: stays',
      ]),
    );
  });

  it('says for each object where it was and why', async () => {
    remove('03-apps/gitea.yaml');
    const { out } = await run();
    expect(out).toMatch(/goes +Service rt\/gitea-svc +k8s\/03-apps\/gitea\.yaml +layer-03-apps prunes it\n/);
    expect(out).toMatch(/stays +PersistentVolumeClaim rt\/gitea-data .*it is marked Prune=false\n/);
  });

  it('refuses to let a StatefulSet go, unless it is allowed', async () => {
    remove('03-apps/jenkins.yaml');
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('StatefulSet rt/jenkins (k8s/03-apps/jenkins.yaml): --allow StatefulSet/jenkins');
    expect((await run('--allow', 'StatefulSet/jenkins')).code).toBe(0);
  });

  it('refuses to let a claim go whose protection is missing', async () => {
    edit('03-apps/gitea.yaml', (text) => text.replaceAll('Prune=false,', ''));
    commit();
    git('branch', 'unprotected');
    remove('03-apps/gitea.yaml');
    const { code, err } = await run('--base', 'unprotected');
    expect(code).toBe(1);
    expect(err).toContain('--allow PersistentVolumeClaim/gitea-data');
  });

  it('is not taken in by a file that got another name or was split', async () => {
    renameSync(at('03-apps/gitea.yaml'), at('03-apps/forge.yaml'));
    write('03-apps/more/jenkins.yaml', readFileSync(at('03-apps/jenkins.yaml'), 'utf8'));
    remove('03-apps/jenkins.yaml');
    expect((await effects()).found).toEqual([]);
  });

  it('is not taken in by a new version of an API or of an add-on', async () => {
    edit('01-init/quota-guard.yaml', (text) => text.replaceAll('k8s.io/v1\n', 'k8s.io/v1beta1\n'));
    edit('00-infra/traefik.yaml', (text) => text.replace(/targetRevision: .*/, 'targetRevision: 99.0.0'));
    expect((await effects()).found).toEqual([]);
  });

  it('refuses a move between layers of what holds data, and explains it', async () => {
    // Argo CD would prune nothing of a layer that is empty.
    cpSync(at('01-init/quota.yaml'), at('02-database/quota.yaml'));
    renameSync(at('02-database/postgres.yaml'), at('03-apps/postgres.yaml'));
    const { code, out, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('--allow StatefulSet/postgres');
    expect(out).toContain('layer-02-database deletes it, then layer-03-apps makes it anew');
  });

  it('looks into the components that a layer points to', async () => {
    remove('components/system-upgrade-controller/plans.yaml');
    const { code, found } = await effects();
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((line) => /^Plan\/.*: goes$/.test(line))).toBe(true);
    expect(code).toBe(0);
  });

  it('knows that a layer without the finalizer leaves its objects behind, and refuses its removal', async () => {
    remove('layers/layer-02-database.yaml');
    const { code, found } = await effects();
    expect(found).toEqual(
      expect.arrayContaining(['Application/layer-02-database: goes', 'StatefulSet/postgres: stays']),
    );
    expect(code).toBe(1);
    expect((await run('--allow', 'Application/layer-02-database')).code).toBe(0);
  });

  it('knows that a layer with the finalizer takes its objects along, but for protected ones', async () => {
    remove('layers/layer-03-apps.yaml');
    const { found } = await effects();
    expect(found).toEqual(
      expect.arrayContaining(['StatefulSet/jenkins: goes', 'PersistentVolumeClaim/gitea-data: stays']),
    );
  });

  it('knows that a layer may be told not to prune', async () => {
    edit('layers/layer-03-apps.yaml', (text) => text.replace('prune: true', 'prune: false'));
    commit();
    remove('03-apps/jenkins.yaml');
    const { found } = await effects('--base', 'HEAD');
    expect(found).toContain('StatefulSet/jenkins: stays');
  });

  it('knows that Argo CD refuses an empty layer', async () => {
    rmSync(at('03-apps'), { recursive: true });
    write('03-apps/README.md', 'nothing');
    const { code, found } = await effects();
    expect(found.every((line) => line.endsWith(': stays'))).toBe(true);
    expect(code).toBe(0);
  });

  it('does not blame a branch for what came to the base after it left', async () => {
    git('checkout', '-qb', 'topic');
    git('checkout', '-q', 'main');
    write('03-apps/new.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: { name: new, namespace: rt }\n');
    commit();
    git('checkout', '-q', 'topic');
    expect((await run()).out).toBe('The change removes no object.\n');
  });

  it('names a file that cannot be read', async () => {
    write('03-apps/broken.yaml', 'apiVersion: v1\nkind: [\n');
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('k8s/03-apps/broken.yaml');
  });

  it('names a component whose objects Kustomize makes', async () => {
    edit('00-infra/digitalocean-csi.yaml', (text) => text.replace('    directory:\n      recurse: true\n', ''));
    write('components/digitalocean-csi/kustomization.yaml', 'resources: [node.yaml]\n');
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('k8s/components/digitalocean-csi/kustomization.yaml cannot be followed');
  });

  it.each([
    [['--base', 'nowhere'], 'git fetch origin'],
    [['--allow', 'gitea'], 'Write kind and name'],
  ])('tells wrong use: %j', async (args, text) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(text)]);
  });

  it('says when an allowance is not needed', async () => {
    expect((await run('--allow', 'Secret/x')).err).toContain('--allow Secret/x: nothing of this name would go.');
  });
});
