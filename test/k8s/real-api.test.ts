import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { buildPods, type BuildPod } from './casc';
import { filesIn, K8S, layerManifests, LAYERS, workloads, type Json } from './manifests';
import { defineKinds, startRealApi, type RealApi } from './real-api';

jest.setTimeout(180_000);

const APPLY = ['apply', '--server-side', '--force-conflicts', '--validate=strict'];

describe('a real API server', () => {
  let api: RealApi;
  let kubectl: Awaited<ReturnType<RealApi['as']>>;

  beforeAll(async () => {
    api = await startRealApi();
    kubectl = await api.as('system:masters');
    await defineKinds(kubectl);
    await kubectl([...APPLY, '-f', join(K8S, '01-init')]);
    // The forecast of the quota needs the quota's own figures.
    await eventually(async () => {
      const { stdout } = await kubectl(['get', 'resourcequota', 'rt', '-n', 'rt', '-o', 'jsonpath={.status.used}']);
      return stdout.includes('requests.memory');
    });
  });

  const dryRun = (text: string) => kubectl([...APPLY, '--dry-run=server', '-f', '-'], text);
  const podsOf = async (app: string): Promise<Json[]> => {
    const { stdout } = await kubectl(['get', 'pods', '-n', 'rt', '-l', `app=${app}`, '-o', 'json']);
    return (JSON.parse(stdout) as { items: Json[] }).items;
  };

  it.each(['layers', ...LAYERS, 'components'].flatMap(filesIn))(
    'accepts %s strictly, without a warning',
    async (file) => {
      const { code, stderr } = await dryRun(readFileSync(join(K8S, file), 'utf8'));
      expect([code, stderr]).toEqual([0, '']);
    },
  );

  it('accepts the example of a new application in docs/layers.md', async () => {
    const page = readFileSync(join(K8S, '../docs/layers.md'), 'utf8');
    const { code, stderr } = await dryRun(/```yaml\n([\s\S]*?)```/.exec(page)![1]!);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('admits a pod of every workload to rt', async () => {
    for (const part of ['01-init/dex.yaml', '02-database', '03-apps']) {
      expect(await kubectl([...APPLY, '-f', join(K8S, part)])).toMatchObject({ code: 0, stderr: '' });
    }
    for (const { body } of workloads.filter(({ body }) => body['kind'] === 'CronJob')) {
      const name = body['metadata'].name as string;
      await kubectl(['create', 'job', `${name}-now`, `--from=cronjob/${name}`, '-n', 'rt']);
    }
    for (const { labels } of workloads) {
      await eventually(async () => expect(await podsOf(labels['app']!)).not.toEqual([]));
    }
  });

  describe('when a workload asks for more than the quota has', () => {
    const workload = (kind: string, name: string): Json =>
      structuredClone(layerManifests.find(({ id }) => id === `${kind} rt ${name}`)!.body);

    /** Asks for next to nothing, without volumes. */
    function small(kind: string): Json {
      const { metadata, spec } = workload('Deployment', 'nginx-front');
      const [container] = spec.template.spec.containers;
      container.resources = { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '1m', memory: '1Mi' } };
      const { replicas, selector, template } = spec as Json;
      const serviceName = kind === 'StatefulSet' ? { serviceName: 'small' } : {};
      return {
        apiVersion: 'apps/v1',
        kind,
        metadata: { ...metadata, name: 'small' },
        spec: { replicas, selector, template, ...serviceName },
      };
    }

    const claim = (storage: string): Json => ({
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    });

    function with20Gi(kind: string, name: string): string {
      const body = workload(kind, name);
      const [container] = body['spec'].template.spec.containers;
      container.resources = { requests: { cpu: '100m', memory: '20Gi' }, limits: { cpu: '2', memory: '20Gi' } };
      return stringify(body);
    }

    it.each([
      ['Deployment', 'gitea'],
      ['Deployment', 'nginx-front'],
      ['StatefulSet', 'jenkins'],
      ['StatefulSet', 'postgres'],
    ])('refuses the %s %s itself and says by how much, so its old pods go on', async (kind, name) => {
      const { code, stderr } = await kubectl([...APPLY, '-f', '-'], with20Gi(kind, name));
      expect(code).toBe(1);
      expect(stderr).toMatch(/requests\.memory: asks for \d+Mi more, the quota of rt has \d+Mi left/);
      const pods = await podsOf(name);
      expect(pods.length).toBeGreaterThan(0);
      for (const pod of pods) expect(pod['metadata'].deletionTimestamp).toBeUndefined();
    });

    it('counts replicas', async () => {
      const many = workload('Deployment', 'nginx-front');
      many['spec'].replicas = 300;
      expect((await dryRun(stringify(many))).stderr).toContain('requests.cpu: asks for 7475m more');
    });

    it.each(['Deployment', 'StatefulSet'])('refuses a %s with more pods than may run', async (kind) => {
      const many = small(kind);
      many['spec'].replicas = 45;
      expect((await dryRun(stringify(many))).stderr).toMatch(/pods: asks for 45 more, the quota of rt has \d+ left/);
    });

    it.each([
      ['requests.storage', 9, '40Gi', /requests\.storage: asks for 368640Mi more, the quota of rt has \d+Mi left/],
      ['persistentvolumeclaims', 11, '1Gi', /persistentvolumeclaims: asks for 11 more, the quota of rt has \d+ left/],
    ])('counts the volumes of its replicas: %s', async (_, replicas, storage, message) => {
      const hungry = small('StatefulSet');
      Object.assign(hungry['spec'], { replicas, volumeClaimTemplates: [claim(storage)] });
      expect((await dryRun(stringify(hungry))).stderr).toMatch(message);
      hungry['spec'].replicas = 1;
      expect(await dryRun(stringify(hungry))).toMatchObject({ code: 0, stderr: '' });
    });

    it.each([
      ['limits.cpu', { cpu: '17' }, /limits\.cpu: asks for 17000m more/],
      ['limits.memory', { memory: '17Gi' }, /limits\.memory: asks for 17408Mi more/],
    ])('looks at %s, of a container that runs before the others as well', async (_, limits, message) => {
      for (const list of ['containers', 'initContainers']) {
        const hungry = small('Deployment');
        const pod = hungry['spec'].template.spec;
        const { image } = pod.containers[0];
        pod[list] = [{ name: 'hungry', image, resources: { limits, requests: { cpu: '1m', memory: '1Mi' } } }];
        expect((await dryRun(stringify(hungry))).stderr).toMatch(message);
      }
    });

    it.each([
      ['deployment', 'nginx-front', 500],
      ['statefulset', 'jenkins', 45],
    ])('refuses kubectl scale of the %s %s to %d', async (kind, name, replicas) => {
      const scale = (to: number) => kubectl(['scale', `${kind}/${name}`, '-n', 'rt', `--replicas=${to}`]);
      expect((await scale(replicas)).stderr).toMatch(`pods: asks for ${replicas - 1} more, the quota of rt has`);
      for (const fits of [3, 0, 1]) expect(await scale(fits)).toMatchObject({ code: 0, stderr: '' });
    });

    it('lets everything through that asks for less, or for what is left', async () => {
      const three = workload('StatefulSet', 'jenkins');
      three['spec'].replicas = 3;
      const none = workload('StatefulSet', 'jenkins');
      none['spec'].replicas = 0;
      for (const body of [three, none]) expect(await dryRun(stringify(body))).toMatchObject({ code: 0, stderr: '' });
    });
  });

  describe('to programs', () => {
    const as = (account: string) => `--as=system:serviceaccount:rt:${account}`;
    const podOf = ({ namespace, pod }: BuildPod): Json => ({
      ...structuredClone(pod),
      metadata: { generateName: 'build-', namespace },
    });
    const create = (body: Json, account = 'jenkins') =>
      kubectl(['create', '--dry-run=server', as(account), '-f', '-'], stringify(body));

    it.each(buildPods.map((entry) => [entry.name, entry] as const))(
      'says yes when Jenkins makes its pod %s, without a warning',
      async (_, entry) => {
        expect(await create(podOf(entry))).toMatchObject({ code: 0, stderr: '' });
        expect((await create(podOf(entry), 'default')).stderr).toContain('forbidden');
        expect((await create({ ...podOf(entry), metadata: { name: 'x', namespace: 'rt' } })).stderr).toContain(
          'cannot create resource "pods" in API group "" in the namespace "rt"',
        );
      },
    );

    it('admits the pod that docs/builds.md makes of the template', async () => {
      const page = readFileSync(join(K8S, '../docs/builds.md'), 'utf8');
      const [, added] = /yaml '''\n([\s\S]*?)'''/.exec(page)!;
      const build = podOf(buildPods.find(({ name }) => name === 'build')!);
      build['spec'].containers.push(...(parse(added!) as Json)['spec'].containers);
      expect(await create(build)).toMatchObject({ code: 0, stderr: '' });
    });

    it('admits no image build as root of the node, and no privileged one', async () => {
      const image = podOf(buildPods.find(({ name }) => name === 'image')!);
      const { spec } = image;
      const onNode = await create({ ...image, spec: { ...spec, hostUsers: true } });
      expect(onNode.stderr).toContain('a pod that builds images needs hostUsers: false');
      const [first, ...rest] = spec.containers as Json[];
      const privileged = { ...first, securityContext: { privileged: true } };
      expect((await create({ ...image, spec: { ...spec, containers: [privileged, ...rest] } })).stderr).toContain(
        'violates PodSecurity "baseline:latest"',
      );
    });

    it('admits no build as root', async () => {
      const build = podOf(buildPods.find(({ name }) => name === 'build')!);
      const securityContext = { ...build['spec'].securityContext, runAsNonRoot: false, runAsUser: 0 };
      const { stderr } = await create({ ...build, spec: { ...build['spec'], securityContext } });
      expect(stderr).toContain('violates PodSecurity "restricted:latest"');
    });

    it.each(['rt-builds', 'rt-images'])('says no when a build in %s asks for anything', async (namespace) => {
      const account = `--as=system:serviceaccount:${namespace}:default`;
      const { stdout } = await kubectl(['auth', 'can-i', '--list', '--no-headers', '-n', namespace, account]);
      const rights = stdout.split('\n').filter((line) => line !== '' && !/selfsubject|\[\/|^ +\[/.test(line));
      expect(rights).toEqual([]);
    });

    it("lets Gitea's introduction write the one Secret, new or not, and neither read it nor write another", async () => {
      const secret = (name: string, token: string) =>
        stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'rt' }, data: { token } });
      const write = (name: string, token: string) => kubectl([...APPLY, as('gitea'), '-f', '-'], secret(name, token));
      for (const token of ['b25l', 'dHdv']) {
        expect(await write('gitea-jenkins-secret', token)).toMatchObject({ code: 0, stderr: '' });
      }
      const { stdout } = await kubectl(['get', 'secret', 'gitea-jenkins-secret', '-n', 'rt', '-o', 'yaml']);
      expect(stdout).toContain('token: dHdv');
      expect((await write('another-secret', 'b25l')).stderr).toContain('forbidden');
      const read = await kubectl(['get', 'secret', 'gitea-jenkins-secret', '-n', 'rt', as('gitea')]);
      expect(read.stderr).toContain('forbidden');
    });
  });

  describe('to the operators', () => {
    it.each([
      ['yes', 'list', 'nodes'],
      ['yes', 'list', 'pods'],
      ['yes', 'get', 'pods/log'],
      ['yes', 'list', 'events'],
      ['yes', 'list', 'ingresses.networking.k8s.io'],
      ['yes', 'get', 'resourcequotas'],
      ['yes', 'create', 'pods/portforward'],
      ['yes', 'get', 'pods/portforward'],
      ['yes', 'delete', 'pods'],
      ['no', 'get', 'secrets'],
      ['no', 'create', 'pods'],
      ['no', 'create', 'pods/exec'],
      ['no', 'patch', 'deployments.apps'],
      ['no', 'patch', 'statefulsets.apps/scale'],
      ['no', 'delete', 'persistentvolumeclaims'],
      ['no', 'create', 'serviceaccounts/token'],
      ['no', 'delete', 'nodes'],
    ])('says %s when they want to %s %s', async (answer, verb, resource) => {
      const operator = await api.as('forge:operators');
      const [name, subresource] = resource.split('/');
      const { stdout } = await operator([
        ...['auth', 'can-i', verb, name!, '-n', 'rt'],
        ...(subresource ? ['--subresource', subresource] : []),
      ]);
      expect(stdout.trim()).toBe(answer);
    });

    it('says no outside of rt', async () => {
      const operator = await api.as('forge:operators');
      for (const what of [
        ['get', 'secrets'],
        ['list', 'pods'],
        ['delete', 'pods'],
      ]) {
        expect((await operator(['auth', 'can-i', ...what, '-n', 'kube-system'])).stdout.trim()).toBe('no');
      }
    });
  });
});
