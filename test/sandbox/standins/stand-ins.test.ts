import { standIns } from '#sandbox/standins/stand-ins';
import { componentManifests, layerManifests, ofKind, type Json } from '#test/k8s/manifests';
import { standInManifests, type ChartSource } from './stand-in-manifests';

const sources = new Map(
  ofKind('Application')
    .filter(({ body }) => body['spec'].source.chart !== undefined)
    .map(({ body }) => [body['metadata'].name as string, body['spec'].source as ChartSource]),
);
const names = (objects: readonly Json[]) => objects.map(({ metadata }) => metadata.name as string);

describe('the stand-ins', () => {
  const rendered = new Map<string, Json[]>();
  let all: Json[];
  const kind = (wanted: string, objects = all) => objects.filter((object) => object['kind'] === wanted);
  const imagesOf = (name: string) =>
    kind('Deployment', rendered.get(name)).flatMap(({ spec }) =>
      (spec.template.spec.containers as Json[]).map(({ image }) => image as string),
    );

  beforeAll(async () => {
    for (const [name, source] of sources) rendered.set(name, await standInManifests(source));
    all = [...[...rendered.values()].flat(), ...componentManifests.map(({ body }) => body)];
  });

  it('are for every chart of the layers, and say what they lack', () => {
    expect(standIns().map(({ name }) => name)).toEqual([...sources.values()].map(({ chart }) => chart).sort());
    for (const { description } of standIns()) expect(description).toMatch(/no container runs/);
  });

  it("have the release's replicas, resources, NodePorts and published name", () => {
    const { valuesObject: values } = sources.get('traefik')!.helm as Json;
    const traefik = rendered.get('traefik')!;
    const { replicas, template } = kind('Deployment', traefik)[0]!['spec'];
    expect(replicas).toBe(values.deployment.replicas);
    expect(template.spec.containers[0]).toMatchObject({
      resources: values.resources,
      lifecycle: values.deployment.lifecycle,
    });
    expect(template.spec.containers[0].args.at(-1)).toBe(
      `--providers.kubernetesingress.ingressendpoint.hostname=${values.providers.kubernetesIngress.ingressEndpoint.hostname}`,
    );
    const ports = kind('Service', traefik)[0]!['spec'].ports as Json[];
    expect(ports.map(({ name, nodePort }) => [name, nodePort])).toEqual([
      ['web', values.ports.web.nodePort],
      ['websecure', values.ports.websecure.nodePort],
      ['ssh', values.ports.ssh.nodePort],
    ]);
    const certManager = (sources.get('cert-manager')!.helm as Json)['valuesObject'];
    const resources = kind('Deployment', rendered.get('cert-manager')).map(
      ({ spec }) => spec.template.spec.containers[0].resources,
    );
    expect(resources).toEqual([certManager.resources, certManager.webhook.resources, certManager.cainjector.resources]);
  });

  it('know, with the components, every kind that is in use, and no others', () => {
    const builtIn =
      /^(v1|apps|batch|policy|(networking|storage|apiextensions|rbac\.authorization|admissionregistration)\.k8s\.io|argoproj\.io)(\/|$)/;
    const used = [...layerManifests, ...componentManifests]
      .map(({ body }) => `${body['apiVersion'].split('/')[0]} ${body['kind']}`)
      .filter((name) => !builtIn.test(name.split(' ')[0]!));
    const known = kind('CustomResourceDefinition').map(({ spec }) => `${spec.group} ${spec.names.kind}`);
    // The Ingresses' annotations make Certificates, and these make Challenges.
    const made = ['cert-manager.io Certificate', 'acme.cert-manager.io Challenge'];
    expect([...known].sort()).toEqual([...new Set([...used, ...made])].sort());
  });

  it('have the classes of all claims and Ingresses', () => {
    const claims = layerManifests.flatMap(({ body }) =>
      body['kind'] === 'PersistentVolumeClaim' ? [body] : (body['spec']?.volumeClaimTemplates ?? []),
    ) as Json[];
    expect(claims.length).toBeGreaterThan(0);
    for (const { spec } of claims) expect(names(kind('StorageClass'))).toContain(spec.storageClassName);
    for (const { body } of ofKind('Ingress'))
      expect(names(kind('IngressClass'))).toContain(body['spec'].ingressClassName);
  });

  it('have the version that is asked for', () => {
    for (const image of imagesOf('cert-manager')) {
      expect(image).toContain(`:${sources.get('cert-manager')!.targetRevision}`);
    }
  });
});
