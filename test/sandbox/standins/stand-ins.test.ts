import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { STAND_INS } from '#sandbox/standins/stand-ins';
import { componentManifests, layerManifests, ofKind, type Json } from '#test/k8s/manifests';

const FOLDER = join(__dirname, '../../../sandbox/standins');

function manifestsOf(name: string): Json[] {
  return readdirSync(join(FOLDER, name)).flatMap((file) =>
    parseAllDocuments(readFileSync(join(FOLDER, name, file), 'utf8')).map((document) => document.toJS() as Json),
  );
}

const all = [...STAND_INS.flatMap(({ name }) => manifestsOf(name)), ...componentManifests.map(({ body }) => body)];
const kind = (wanted: string) => all.filter((object) => object['kind'] === wanted);
const names = (objects: readonly Json[]) => objects.map(({ metadata }) => metadata.name as string);
const podsOf = (objects: readonly Json[]) =>
  objects.flatMap(({ spec }) => (spec?.template === undefined ? [] : [spec.template.spec as Json]));
const imagesOf = (name: string) =>
  podsOf(manifestsOf(name)).flatMap(({ containers }) => containers.map(({ image }: Json) => image as string));

describe('the stand-ins', () => {
  it('are for every chart of the layers, under its name', () => {
    const charts = ofKind('Application').filter(({ body: { spec } }) => spec.source.chart !== undefined);
    expect(charts.map(({ body: { metadata, spec } }) => [metadata.name, spec.source.chart]).sort()).toEqual(
      STAND_INS.map(({ name }) => [name, name]).sort(),
    );
  });

  it('say what is missing and what is there', () => {
    for (const { why, provides } of STAND_INS) {
      expect(why).not.toBe('');
      expect(provides.length).toBeGreaterThan(0);
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

  it('have the version of the chart that they replace', () => {
    const certManager = ofKind('Application').find(({ body }) => body['metadata'].name === 'cert-manager')!;
    for (const image of imagesOf('cert-manager')) {
      expect(image).toContain(`:${certManager.body['spec'].source.targetRevision}`);
    }
  });
});
