import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { STAND_INS } from '../../../sandbox/standins/stand-ins';
import { filesIn, K8S, layerManifests, ofKind, read, type Json } from '../../k8s/manifests';
import { DIGITALOCEAN_CSI, KUBECTL_IMAGE, SYSTEM_UPGRADE_CONTROLLER } from '../../k8s/versions';

const FOLDER = join(__dirname, '../../../sandbox/standins');

function manifestsOf(name: string): Json[] {
  return readdirSync(join(FOLDER, name)).flatMap((file) =>
    parseAllDocuments(readFileSync(join(FOLDER, name, file), 'utf8')).map((document) => document.toJS() as Json),
  );
}

const all = STAND_INS.flatMap(({ name }) => manifestsOf(name));
const kind = (wanted: string) => all.filter((object) => object['kind'] === wanted);
const names = (objects: readonly Json[]) => objects.map(({ metadata }) => metadata.name as string);
const podsOf = (objects: readonly Json[]) =>
  objects.flatMap(({ spec }) => (spec?.template === undefined ? [] : [spec.template.spec as Json]));
const imagesOf = (name: string) =>
  podsOf(manifestsOf(name)).flatMap(({ containers }) => containers.map(({ image }: Json) => image as string));

describe('the stand-ins', () => {
  it('are for every add-on of the first layer that does not come from plain manifests', () => {
    const sources = ofKind('Application').map(({ body: { metadata, spec } }) => [
      metadata.name,
      spec.source.chart === undefined ? { folder: spec.source.path } : { chart: spec.source.chart },
    ]);
    expect(STAND_INS.map(({ name, replaces }) => [name, replaces]).sort()).toEqual(sources.sort());
  });

  it('say what is missing and what is there', () => {
    for (const { why, provides } of STAND_INS) {
      expect(why).not.toBe('');
      expect(provides.length).toBeGreaterThan(0);
    }
  });

  it('take along only files that exist', () => {
    for (const path of STAND_INS.flatMap(({ keeps = [] }) => keeps)) {
      expect(existsSync(join(K8S, '..', path))).toBe(true);
    }
  });

  it('carry only values that the releases have, into objects of their own', () => {
    for (const { name, values = [] } of STAND_INS) {
      const application = ofKind('Application').find(({ body }) => body['metadata'].name === name)!;
      for (const { from, kind, name: object, to } of values) {
        const value = from.reduce<any>((node, step) => node?.[step], application.body['spec'].source.helm.valuesObject);
        expect([from, value]).not.toEqual([from, undefined]);
        const target = manifestsOf(name).find((one) => one['kind'] === kind && one['metadata'].name === object)!;
        const parent = to.slice(0, -1).reduce<any>((node, step) => node?.[step], target);
        expect([to, parent]).not.toEqual([to, undefined]);
      }
    }
  });

  it('know every kind that the layers and the plans have, and no others', () => {
    const builtIn =
      /^(v1|apps|batch|policy|networking\.k8s\.io|rbac\.authorization\.k8s\.io|admissionregistration\.k8s\.io|argoproj\.io)(\/|$)/;
    const used = [...layerManifests, ...read('components/system-upgrade-controller/plans.yaml')]
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

  it('have the versions of what they replace', () => {
    expect(imagesOf('digitalocean-csi')).toContain(`digitalocean/do-csi-plugin:${DIGITALOCEAN_CSI}`);
    expect(imagesOf('system-upgrade-controller')).toEqual([
      `docker.io/rancher/system-upgrade-controller:${SYSTEM_UPGRADE_CONTROLLER}`,
    ]);
    const [settings] = manifestsOf('system-upgrade-controller').filter(({ kind }) => kind === 'ConfigMap');
    expect(settings!['data'].SYSTEM_UPGRADE_JOB_KUBECTL_IMAGE).toBe(KUBECTL_IMAGE);
    const certManager = ofKind('Application').find(({ body }) => body['metadata'].name === 'cert-manager')!;
    for (const image of imagesOf('cert-manager')) {
      expect(image).toContain(`:${certManager.body['spec'].source.targetRevision}`);
    }
  });

  it('patch the driver as k8s/components does', () => {
    const patched = filesIn('components/digitalocean-csi')
      .filter((file) => !file.endsWith('kustomization.yaml'))
      .flatMap(read);
    for (const { body, id } of patched) {
      const standIn = all.find(
        (one) => one['kind'] === body['kind'] && one['metadata'].name === body['metadata'].name,
      )!;
      const { hostNetwork, tolerations, containers } = body['spec'].template.spec as Json;
      expect([id, standIn['spec'].template.spec]).toMatchObject([
        id,
        { ...(hostNetwork && { hostNetwork }), ...(tolerations && { tolerations }) },
      ]);
      for (const { name, resources } of containers) {
        const container = standIn['spec'].template.spec.containers.find((one: Json) => one['name'] === name);
        expect([id, name, container?.resources]).toEqual([id, name, resources]);
      }
    }
  });
});
