/**
 * The layers' Ingresses on a real API server, with the sandbox's certificate controllers: quota, limits and Pod Security of
 * rt judge what cert-manager makes to answer a challenge. No packet flows, so NetworkPolicies are tested elsewhere.
 */
import { startClusterWithStandIns, type ClusterWithStandIns } from '../sandbox/controllers/cluster-with-stand-ins';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { layerManifests, type Json } from './manifests';

jest.setTimeout(180_000);

const ingresses = layerManifests.filter(({ body }) => body['kind'] === 'Ingress').map(({ body }) => body);
/** Without the login's pod, which would be there beside the challenges. */
const init = layerManifests
  .filter(({ layer, file }) => layer === '01-init' && file !== '01-init/dex.yaml')
  .map(({ body }) => body);
const issuer = init.find(({ kind }) => kind === 'ClusterIssuer')!;
const inRt = (kind: string) => `/api/v1/namespaces/rt/${kind}`;
const CHALLENGES = '/apis/acme.cert-manager.io/v1/namespaces/rt/challenges';
const CERTIFICATES = '/apis/cert-manager.io/v1/namespaces/rt/certificates';

describe('the certificates of the layers', () => {
  let cluster: ClusterWithStandIns;

  beforeAll(async () => {
    cluster = await startClusterWithStandIns();
    // The stacks and the add-ons make those that the layer itself does not.
    const names = [...new Set(init.flatMap(({ metadata }) => (metadata as Json)['namespace'] ?? []))] as string[];
    await cluster.apply(...names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
    const [namespaces, others] = [true, false].map((wanted) =>
      init.filter(({ kind }) => (kind === 'Namespace') === wanted),
    );
    await cluster.apply(...namespaces!);
    await cluster.apply(...others!);
    // Without its figures the quota refuses nothing yet.
    await eventually(async () => {
      const quota = (await cluster.api.get<Json>(`${inRt('resourcequotas')}/rt`))!;
      expect(quota['status']?.used).toHaveProperty(['services.nodeports']);
    });
  });

  const conditionOf = async (name: string): Promise<Json | undefined> =>
    (await cluster.api.get<Json>(`${CERTIFICATES}/${name}`))?.['status']?.conditions[0] as Json | undefined;

  const reasons = async (): Promise<string[]> =>
    (await cluster.api.list<Json>(CHALLENGES)).map(({ status }) => String(status?.reason));

  it('are issued for every Ingress of rt', async () => {
    await cluster.apply(...ingresses);
    const names = ingresses
      .filter(({ metadata }) => metadata.namespace === 'rt')
      .flatMap(({ spec }) => (spec.tls ?? []) as Json[])
      .map(({ secretName }) => secretName as string);
    expect(names).toHaveLength(4);
    for (const name of names) {
      let refusals: string[] = [];
      await eventually(async () => {
        refusals = (await reasons()).filter((reason) => reason.includes('forbidden'));
        return refusals.length > 0 || (await conditionOf(name))?.['status'] === 'True';
      });
      expect(refusals).toEqual([]);
    }
  });

  it('leave nothing of their challenges behind', async () => {
    const names = async (path: string) => (await cluster.api.list(path)).map(({ metadata }) => metadata.name);
    await eventually(async () => {
      expect(await names(CHALLENGES)).toEqual([]);
      expect([await names(inRt('pods')), await names(inRt('services'))]).toEqual([[], []]);
    });
    const left = await names('/apis/networking.k8s.io/v1/namespaces/rt/ingresses');
    expect(left.filter((name) => name.startsWith('cm-acme'))).toEqual([]);
  });

  it('say what holds them up, in the words of the API, and go on when it is gone', async () => {
    const quota = `${inRt('resourcequotas')}/rt`;
    await cluster.api.patch(quota, { spec: { hard: { 'count/pods': '0' } } });
    await eventually(async () => {
      const { status } = (await cluster.api.get<Json>(quota))!;
      expect(status?.used).toHaveProperty(['count/pods']);
    });
    await cluster.apply(anIngress('late', issuer['metadata'].name));
    await eventually(async () => {
      expect(await reasons()).toEqual([
        expect.stringMatching(/^pods "cm-acme-http-solver-\d+" is forbidden: exceeded quota: rt/),
      ]);
    });
    expect((await conditionOf('late-tls'))!['message']).toBe('Issuing certificate as Secret does not exist');
    await cluster.api.patch(quota, { spec: { hard: { 'count/pods': null } } });
    await eventually(async () => expect(await conditionOf('late-tls')).toMatchObject({ status: 'True' }));
  });

  it('would never come with the Service that cert-manager makes by itself', async () => {
    const unchanged = structuredClone(issuer);
    unchanged['metadata'].name = 'unchanged';
    delete unchanged['spec'].acme.solvers[0].http01.ingress.serviceType;
    await cluster.apply(unchanged, anIngress('never', 'unchanged'));
    await eventually(async () => {
      expect(await reasons()).toEqual([
        expect.stringMatching(/^services "cm-acme-http-solver-\d+" is forbidden: .*requested: services.nodeports=1/),
      ]);
    });
  });
});

function anIngress(name: string, issuer: string): Json {
  const ingress = structuredClone(ingresses.find(({ metadata }) => metadata.name === 'gitea')!);
  ingress['metadata'].name = name;
  ingress['metadata'].annotations['cert-manager.io/cluster-issuer'] = issuer;
  ingress['spec'].tls = [{ hosts: [`${name}.example.org`], secretName: `${name}-tls` }];
  return ingress;
}
