/**
 * The sandbox's part of the chart argo-cd: the objects from which Argo CD takes its settings, and workloads by the chart's names.
 * Their containers do not run; the same programs run on this machine for as long as the workloads want replicas.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { EmulatedChart } from '../cloud/terraform/helm/emulated-chart';
import { mappingAt, textAt, type Values } from '../cloud/terraform/helm/release-values';
import { COMPONENTS, type Component } from './components';

interface ChartObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/**
 * @param version of Argo CD, with the v
 * @param crds files of the custom resource definitions
 */
export function argoCdChart(version: string, crds: () => Promise<readonly string[]>): EmulatedChart {
  const definitions = readDefinitions(crds);
  return async ({ namespace, values }) => [
    ...(await definitions()),
    ...namespaced(namespace, [...settings(values), ...workloads(version, values)]),
  ];
}

/** They are 1.8 MB of YAML, which take a second: read before anybody waits for them. */
function readDefinitions(crds: () => Promise<readonly string[]>): () => Promise<ChartObject[]> {
  const read = crds().then((files) => files.map((file) => parse(readFileSync(file, 'utf8')) as ChartObject));
  read.catch(() => undefined);
  return () => read;
}

/** Argo CD reads only what carries its label. */
const LABELS = { 'app.kubernetes.io/part-of': 'argocd' };

function namespaced(namespace: string, objects: readonly ChartObject[]): ChartObject[] {
  return objects.map((object) => {
    const { name, labels } = object.metadata as { name: string; labels?: object };
    return { ...object, metadata: { name, namespace, labels: { ...LABELS, ...labels } } };
  });
}

function settings(values: Values): ChartObject[] {
  const url = textAt(values, 'global.domain');
  const webhookSecret = textAt(values, 'configs.secret.githubSecret');
  const configMap = (name: string, data: Values = {}): ChartObject => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, String(value)])),
  });
  return [
    configMap('argocd-cm', { ...mappingAt(values, 'configs.cm'), ...(url !== '' && { url: `https://${url}` }) }),
    configMap('argocd-cmd-params-cm', knownParameters(mappingAt(values, 'configs.params'))),
    configMap('argocd-rbac-cm', mappingAt(values, 'configs.rbac')),
    configMap('argocd-ssh-known-hosts-cm', { ssh_known_hosts: '' }),
    configMap('argocd-tls-certs-cm'),
    configMap('argocd-gpg-keys-cm'),
    {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-secret' }, type: 'Opaque' },
      stringData: webhookSecret === '' ? {} : { 'webhook.github.secret': webhookSecret },
    },
  ];
}

/** @throws for a key that no workload here reads: leaving it out would rehearse something else */
function knownParameters(parameters: Values): Values {
  const known = COMPONENTS.flatMap((component) => Object.values(component.parameters ?? {}));
  for (const key of Object.keys(parameters)) {
    if (!known.includes(key)) throw new Error(`Argo CD's parameter ${key} is not known to the sandbox`);
  }
  return parameters;
}

function workloads(version: string, values: Values): ChartObject[] {
  const server = COMPONENTS.find(({ name }) => name === 'argocd-server')!;
  return [
    ...COMPONENTS.map((component) => workload(component, version, values)),
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: server.name } },
      spec: {
        selector: labelsOf(server),
        ports: [
          { name: 'http', port: 80, targetPort: 8080 },
          { name: 'https', port: 443, targetPort: 8080 },
        ],
      },
    },
  ];
}

function workload(component: Component, version: string, values: Values): ChartObject {
  const { kind, name, valuesKey } = component;
  const { image = `quay.io/argoproj/argocd:${version}`, parameters = {} } = component;
  const env = Object.entries(parameters).map(([variable, key]) => ({
    name: variable,
    valueFrom: { configMapKeyRef: { name: 'argocd-cmd-params-cm', key, optional: true } },
  }));
  const labels = labelsOf(component);
  const { resources, lifecycle } = mappingAt(values, valuesKey);
  return {
    ...{ apiVersion: 'apps/v1', kind, metadata: { name, labels } },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      ...(kind === 'StatefulSet' && { serviceName: name }),
      template: {
        metadata: { labels },
        spec: { containers: [{ name, image, env, resources, lifecycle }] },
      },
    },
  };
}

function labelsOf({ name }: Component): Record<string, string> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'argocd' };
}
