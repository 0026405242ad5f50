import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { SampleCheckout } from './sample-checkout';

describe('forge layers diff', () => {
  let original: SampleCheckout;
  let checkout: SampleCheckout;

  beforeAll(() => void (original = SampleCheckout.create()));
  beforeEach(() => void (checkout = original.copy()));

  const at = (path: string) => checkout.at(path);
  const remove = (path: string) => checkout.remove(path);
  const edit = (path: string, change: (text: string) => string) => checkout.edit(path, change);
  const write = (path: string, text: string) => checkout.write(path, text);
  const run = (...args: readonly string[]) => checkout.diff(...args);
  const effects = (...args: readonly string[]) => checkout.effects(...args);

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
    checkout.commit();
    checkout.git('branch', 'unprotected');
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
    renameSync(at('03-apps/jenkins.yaml'), at('02-database/jenkins.yaml'));
    const { code, out, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('--allow StatefulSet/jenkins');
    expect(out).toContain('layer-03-apps deletes it, then layer-02-database makes it anew');
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
    checkout.commit();
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
    checkout.git('checkout', '-qb', 'topic');
    checkout.git('checkout', '-q', 'main');
    write('03-apps/new.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: { name: new, namespace: rt }\n');
    checkout.commit();
    checkout.git('checkout', '-q', 'topic');
    expect((await run()).out).toBe('The change removes no object.\n');
  });

  it('names a file that cannot be read', async () => {
    write('03-apps/broken.yaml', 'apiVersion: v1\nmetadata: {}\nkind: [\n');
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('k8s/03-apps/broken.yaml:4 is not valid YAML');
  });

  const JENKINS = '03-apps/jenkins.yaml';
  const LAYER = 'layers/layer-03-apps.yaml';
  const directory = (settings: string) =>
    edit(LAYER, (text) => text.replace('    directory:\n      recurse: true\n', settings));

  it.each<[string, () => void]>([
    [
      'says anywhere that it is to be skipped',
      () => edit(JENKINS, (text) => `# no +argocd:skip-file-rendering!\n${text}`),
    ],
    ['has another extension', () => renameSync(at(JENKINS), at('03-apps/jenkins.YAML'))],
    ['is excluded', () => directory('    directory: { recurse: true, exclude: jenkins.yaml }\n')],
    [
      'is excluded by one of several globs',
      () => directory("    directory: { recurse: true, exclude: '{x,j*s}.y?ml' }\n"),
    ],
    [
      'is excluded by a glob with a class',
      () => directory("    directory: { recurse: true, exclude: '[!a-i]*.yaml' }\n"),
    ],
    ['is not included', () => directory("    directory: { recurse: true, include: '{gitea,nginx*}.yaml' }\n")],
    [
      'lies in a folder that is not looked into',
      () => {
        mkdirSync(at('03-apps/jenkins'));
        renameSync(at(JENKINS), at('03-apps/jenkins/jenkins.yaml'));
        directory('');
      },
    ],
    [
      'is a link that leads nowhere',
      () => {
        remove(JENKINS);
        symlinkSync('nowhere.yaml', at(JENKINS));
      },
    ],
    [
      'lies in a folder behind a link',
      () => {
        mkdirSync(at('elsewhere'));
        renameSync(at(JENKINS), at('elsewhere/jenkins.yaml'));
        symlinkSync('../elsewhere', at('03-apps/jenkins'));
      },
    ],
    [
      'has hooks instead of objects',
      () =>
        edit(JENKINS, (text) =>
          text.replace(/^(kind: StatefulSet\nmetadata:\n)/m, '$1  annotations: { argocd.argoproj.io/hook: PreSync }\n'),
        ),
    ],
  ])('counts what a file describes as removed when it %s', async (_, change) => {
    change();
    const { code, found } = await effects();
    expect([code, found]).toEqual([1, expect.arrayContaining(['StatefulSet/jenkins: goes'])]);
  });

  it.each<[string, () => void]>([
    ['is hidden', () => renameSync(at(JENKINS), at('03-apps/.jenkins.yml'))],
    [
      'is a link into another folder',
      () => {
        mkdirSync(at('elsewhere'));
        renameSync(at(JENKINS), at('elsewhere/jenkins.yaml'));
        symlinkSync('../elsewhere/jenkins.yaml', at(JENKINS));
      },
    ],
    ['is not matched by a glob that is none', () => directory("    directory: { recurse: true, exclude: '[' }\n")],
    [
      'is in a layer whose path is written otherwise',
      () => edit(LAYER, (text) => text.replace('path: k8s/03-apps', 'path: ./k8s//03-apps/')),
    ],
    [
      'is in a folder outside k8s/',
      () => {
        edit(LAYER, (text) => text.replace('path: k8s/03-apps', 'path: apps'));
        renameSync(at('03-apps'), at('../apps'));
      },
    ],
    [
      'is in one of several sources',
      () =>
        edit(LAYER, (text) =>
          text.replace(
            / {2}source:\n((?: {4}.*\n)+?)(?= {2}destination)/,
            (__, source: string) =>
              `  sources:\n${source.replace(/^ {4}/gm, '      ').replace(/^ {5}/, '    - ').replace('-  ', '- ')}`,
          ),
        ),
    ],
  ])('knows that a file is still read when it %s', async (_, change) => {
    change();
    expect(await effects()).toEqual({ code: 0, found: [] });
  });

  it('follows a link at the base, too', async () => {
    mkdirSync(at('elsewhere'));
    renameSync(at(JENKINS), at('elsewhere/jenkins.yaml'));
    symlinkSync('../elsewhere/jenkins.yaml', at(JENKINS));
    checkout.commit();
    remove(JENKINS);
    const { code, found } = await effects('--base', 'HEAD');
    expect([code, found]).toEqual([1, expect.arrayContaining(['StatefulSet/jenkins: goes'])]);
  });

  it.each<[string, () => void, string]>([
    [
      'a link out of the repository',
      () => symlinkSync('../../../x.yaml', at('03-apps/x.yaml')),
      'k8s/03-apps/x.yaml is a link that leads out',
    ],
    [
      'an absolute link',
      () => symlinkSync(at(JENKINS), at('03-apps/x.yaml')),
      'k8s/03-apps/x.yaml is a link that leads out',
    ],
    [
      'a link into itself',
      () => symlinkSync('x.yaml', at('03-apps/x.yaml')),
      'k8s/03-apps/x.yaml is a link that leads into itself',
    ],
    ['Jsonnet', () => write('03-apps/x.jsonnet', '{}'), 'layer-03-apps: k8s/03-apps/x.jsonnet is Jsonnet'],
    ['a plugin', () => directory('    plugin: {}\n'), 'layer-03-apps: plugins are not run here'],
    [
      'two tools',
      () => directory('    directory: { recurse: true }\n    helm: { releaseName: x }\n'),
      'layer-03-apps: Argo CD refuses more than one of directory, helm',
    ],
    [
      'an empty file of settings in the folder',
      () => write('03-apps/.argocd-source-layer-03-apps.yaml', ''),
      'Argo CD refuses Application layer-03-apps',
    ],
    [
      'a path that is a number',
      () => edit(LAYER, (text) => text.replace('path: k8s/03-apps', 'path: 3')),
      'Argo CD refuses Application layer-03-apps: source.path:',
    ],
    [
      'a path that leads out',
      () => edit(LAYER, (text) => text.replace('path: k8s/03-apps', 'path: k8s/../../x')),
      'layer-03-apps: its path k8s/../../x leads out',
    ],
    [
      'a path that is not there',
      () => edit(LAYER, (text) => text.replace('path: k8s/03-apps', 'path: k8s/04-apps')),
      'layer-03-apps: its path k8s/04-apps is no folder',
    ],
    [
      'another repository',
      () => edit(LAYER, (text) => text.replace('example/forge.git', 'example/other.git')),
      'layer-03-apps: it reads git@github.com:example/other.git at main',
    ],
    [
      'another branch',
      () => edit(LAYER, (text) => text.replace('targetRevision: main', 'targetRevision: mine')),
      'layer-03-apps: it reads git@github.com:example/forge.git at mine',
    ],
    [
      'a source that is text',
      () => edit(LAYER, (text) => text.replace(/ {2}source:\n( {4}.*\n)+/, '  source: x\n')),
      'Argo CD refuses Application layer-03-apps: source:',
    ],
    [
      'a source without a value in a list',
      () => edit(LAYER, (text) => text.replace(/ {2}source:\n( {4}.*\n)+/, '  sources: [null]\n')),
      'Argo CD refuses Application layer-03-apps: sources.0:',
    ],
    [
      'Applications that a generator makes',
      () =>
        write(
          '03-apps/set.yaml',
          'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: x, namespace: argocd }\n',
        ),
      "--allow-unrendered 'ApplicationSet x'",
    ],
    [
      'a glob without an end',
      () => {
        write(`03-apps/${'a'.repeat(200)}.yaml`, '');
        directory(`    directory: { recurse: true, exclude: '${'*a'.repeat(20)}*b' }\n`);
      },
      'takes too long',
    ],
    [
      'annotations that Argo CD refuses',
      () =>
        edit(JENKINS, (text) =>
          text.replace(/^(kind: StatefulSet\nmetadata:\n)/m, '$1  annotations: { restart: 2024_01 }\n'),
        ),
      'has an annotation restart that is no text',
    ],
  ])('refuses what it cannot follow: %s', async (_, change, text) => {
    change();
    const { code, err } = await run();
    expect([code, err]).toEqual([1, expect.stringContaining(text)]);
  });

  it('says nothing of what two layers have before and after', async () => {
    write('02-database/jenkins.yaml', readFileSync(at(JENKINS), 'utf8'));
    checkout.commit();
    expect(await effects()).toEqual({ code: 0, found: [] });
    remove('02-database/jenkins.yaml');
    expect((await effects()).found).toContain('StatefulSet/jenkins: moves');
  });

  it('knows that force deletes what holds data, and makes it anew', async () => {
    edit(JENKINS, (text) =>
      text.replace(
        /^(kind: StatefulSet\nmetadata:\n)/m,
        '$1  annotations: { argocd.argoproj.io/sync-options: "Replace=true, Force=true" }\n',
      ),
    );
    const { code, found } = await effects();
    expect([code, found]).toEqual([1, ['StatefulSet/jenkins: moves']]);
    checkout.commit();
    expect(await effects()).toEqual({ code: 0, found: [] });
  });

  describe('where a tool makes the objects', () => {
    const kustomization = (more = '') =>
      write('03-apps/kustomization.yaml', `resources: [${JENKINS.slice('03-apps/'.length)}]\n${more}`);

    it('sees what a patch of Kustomize takes away', async () => {
      directory('');
      kustomization();
      checkout.commit();
      kustomization(
        'patches: [{ target: { kind: StatefulSet, name: jenkins }, patch: "{$patch: delete, apiVersion: apps/v1, kind: StatefulSet, metadata: {name: jenkins}}" }]\n',
      );
      const { code, found } = await effects();
      expect([code, found]).toEqual([1, ['StatefulSet/jenkins: goes']]);
    });

    it('sees what another name makes of an object', async () => {
      directory('');
      kustomization();
      checkout.commit();
      edit(LAYER, (text) =>
        text.replace('path: k8s/03-apps\n', 'path: k8s/03-apps\n    kustomize: { nameSuffix: -b }\n'),
      );
      const { code, found } = await effects();
      expect([code, found]).toEqual([1, expect.arrayContaining(['StatefulSet/jenkins: goes'])]);
    });

    it('sees what a value of a chart takes away', async () => {
      directory('');
      write('03-apps/Chart.yaml', 'apiVersion: v2\nname: apps\nversion: 1.0.0\n');
      write('03-apps/values.yaml', 'jenkins: true\n');
      edit(JENKINS, (text) => `{{ if .Values.jenkins }}\n${text}{{ end }}`);
      write('03-apps/templates/other.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other }\n');
      renameSync(at(JENKINS), at('03-apps/templates/jenkins.yaml'));
      checkout.commit();
      edit('03-apps/values.yaml', (text) => text.replace('true', 'false'));
      const { code, found } = await effects();
      expect([code, found]).toEqual([1, expect.arrayContaining(['StatefulSet/jenkins: goes'])]);
    });

    it('names a chart that cannot be fetched, only when its Application changes, and lets it pass when that is allowed', async () => {
      const traefik = '00-infra/traefik.yaml';
      edit(traefik, (text) => text.replace(/repoURL: .*/, 'repoURL: https://127.0.0.1:1'));
      checkout.commit();
      remove('03-apps/gitea.yaml');
      expect((await run()).code).toBe(0);
      edit(traefik, (text) => text.replace(/targetRevision: .*/, 'targetRevision: 99.0.0'));
      const { code, err } = await run();
      expect([code, err]).toEqual([1, expect.stringContaining("--allow-unrendered 'layer-00-infra/traefik'")]);
      expect((await run('--allow-unrendered', 'layer-00-infra/traefik')).code).toBe(0);
      const { versions } = await checkout.found('--allow-unrendered', 'layer-00-infra/traefik');
      expect(versions).toEqual([expect.objectContaining({ what: 'chart traefik', to: '99.0.0' })]);
    });
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
