import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { startChartRepository, startMirroredCharts } from '#sandbox/argocd/chart-repository';
import { COMPONENTS } from '#sandbox/argocd/components';
import { freePort } from '#sandbox/net/free-port';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import { ARGO_CD_APPS_CHART, ARGO_CD_CHART } from '#stacks/cluster/argocd-charts';
import { argoCdProjects } from '#stacks/cluster/argocd-projects';
import { healthChecks } from '#stacks/cluster/argocd-health';
import { argoCdValues, rootApplication } from '#stacks/cluster/argocd-values';
import type { Json } from '#test/k8s/manifests';
import { newFolder } from '#test/new-folder';

const REPOSITORY = 'git@github.com:acme/forge.git';

describe("the repository of Argo CD's charts", () => {
  let folder: string;
  let helm: string;
  let url: string;
  let stop: () => Promise<void>;

  const run = async (...args: string[]) => (await promisify(execFile)(helm, args)).stdout;
  const serve = async (mirror?: string) => {
    const port = await freePort();
    writeFileSync(
      join(folder, 'crd.yaml'),
      'kind: CustomResourceDefinition\nmetadata: { name: applications.argoproj.io }\n',
    );
    url = `http://127.0.0.1:${port}`;
    return startChartRepository({
      folder: join(folder, 'charts'),
      address: '127.0.0.1',
      port,
      helm,
      mirror,
      crds: [join(folder, 'crd.yaml')],
    });
  };
  const rendered = async (chart: string, version: string, values: object): Promise<Json[]> => {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, stringify(values));
    const from = ['--repo', url, '--version', version, '--namespace', 'argocd'];
    const text = await run('template', 'argocd', chart, ...from, '--values', file);
    return parseAllDocuments(text).map((document) => document.toJS() as Json);
  };
  const rendering = (values: object) => rendered('argo-cd', ARGO_CD_CHART, values);

  beforeAll(async () => {
    folder = newFolder('charts');
    ({ helm } = await ensureTools(['helm'], { progress: () => undefined }));
    stop = await serve();
  });
  afterAll(() => stop());

  describe('has of argo-cd', () => {
    let objects: Json[];
    const one = (kind: string, name: string) =>
      objects.find((object) => object['kind'] === kind && object['metadata'].name === name)!;

    beforeAll(async () => {
      const values: Json = argoCdValues({ domain: 'forge.example.org' });
      values['configs'].secret = { githubSecret: 'webhook secret', azureDevops: { password: 'other' } };
      objects = await rendering(values);
    });

    it("the stack's settings", () => {
      expect(one('ConfigMap', 'argocd-cm')['data']).toMatchObject({
        'application.resourceTrackingMethod': 'annotation',
        ...healthChecks(),
        url: 'https://argocd.forge.example.org',
      });
    });

    it('the secrets of webhooks', () => {
      expect(one('Secret', 'argocd-secret')['data']).toEqual({
        'webhook.github.secret': btoa('webhook secret'),
        'webhook.azuredevops.password': btoa('other'),
      });
    });

    it('the definitions of its kinds, and the workloads by their names', () => {
      // As the vendor's: with them all Applications would go.
      const kept = { annotations: { 'helm.sh/resource-policy': 'keep' } };
      for (const kind of ['applications', 'applicationsets']) {
        expect(one('CustomResourceDefinition', `${kind}.argoproj.io`)['metadata']).toMatchObject(kept);
      }
      const workloads = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
      expect(workloads.map(({ metadata }) => metadata.name as string).sort()).toEqual([...COMPONENTS].sort());
    });

    it('a variable for every parameter of the release', () => {
      const references = objects.flatMap(({ spec }) =>
        ((spec?.template?.spec.containers[0].env ?? []) as Json[]).map(
          ({ valueFrom }) => valueFrom.configMapKeyRef.key,
        ),
      );
      expect(references.sort()).toEqual(Object.keys(one('ConfigMap', 'argocd-cmd-params-cm')['data']).sort());
    });
  });

  it('refuses a parameter that no workload would read', async () => {
    const values = { configs: { params: { 'reposerver.parallelism.limit': '2' } } };
    await expect(rendering(values)).rejects.toThrow(/reposerver.parallelism.limit is not known/);
  });

  it('has of argocd-apps project and root application', async () => {
    const [project, root] = await rendered('argocd-apps', ARGO_CD_APPS_CHART, {
      projects: { forge: argoCdProjects('argocd', REPOSITORY)['forge'] },
      applications: { root: rootApplication('argocd', REPOSITORY, 'main') },
    });
    expect(project!['spec'].sourceRepos).toContain(REPOSITORY);
    expect(root!['spec'].source.repoURL).toBe(REPOSITORY);
    expect(root!['metadata'].annotations).toEqual({ 'argocd.argoproj.io/compare-options': 'ServerSideDiff=false' });
  });

  it('prefers the charts of a mirror', async () => {
    const [source, mirror] = [join(folder, 'source'), join(folder, 'mirror')];
    mkdirSync(join(source, 'templates'), { recursive: true });
    writeFileSync(join(source, 'Chart.yaml'), 'apiVersion: v2\nname: argo-cd\nversion: 0.0.0\n');
    writeFileSync(join(source, 'templates/real.yaml'), 'kind: ConfigMap\nmetadata: { name: real }\n');
    await run('package', source, '--version', ARGO_CD_CHART, '--destination', mirror);
    await stop();
    stop = await serve(mirror);
    expect((await rendering({})).map(({ metadata }) => metadata.name as string)).toEqual(['real']);
  });

  it('is of nothing but the mirror for real pods, whatever path a vendor has in front', async () => {
    await stop();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const place = { folder: join(folder, 'charts'), address: '127.0.0.1', port, helm };
    stop = await startMirroredCharts({ ...place, mirror: join(folder, 'mirror') });
    const index = await (await fetch(`${url}/charts/index.yaml`)).text();
    const { entries } = parse(index) as { entries: Record<string, { urls: string[] }[]> };
    expect(Object.keys(entries)).toEqual(['argo-cd']);
    expect((await fetch(`${url}/charts/${entries['argo-cd']![0]!.urls[0]}`)).status).toBe(200);
  });

  it('gives nothing else', async () => {
    for (const path of ['/', '/../settings.json', '/charts']) expect((await fetch(`${url}${path}`)).status).toBe(404);
  });
});
