/** Kubernetes secrets that come from GitHub Secrets and belong to a layer without being in Git. */
import { resolve } from 'node:path';
import { Release } from '@cdktf/provider-helm/lib/release';
import { AssetType, TerraformAsset, type TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import type { ForgeConfig } from '#config/schema';
import { environmentVariable } from '../environment-variable';
import { writeOnlySecret } from '../write-only-secret';

const NAMESPACE_CHART = resolve(__dirname, '../../charts/namespace');

type SecretEntry = ForgeConfig['secrets'][number];

export interface KubernetesSecretsProps {
  readonly secrets: readonly SecretEntry[];
  /** Revision of an entry's data; undefined when its values are absent. */
  readonly revisionOf: (entry: SecretEntry) => number | undefined;
}

export class KubernetesSecrets extends Construct {
  constructor(scope: Construct, id: string, { secrets, revisionOf }: KubernetesSecretsProps) {
    super(scope, id);
    if (secrets.length === 0) return;
    const variables = this.variables(secrets);
    const namespaces = this.namespaces(secrets);
    for (const entry of secrets) {
      const { name, namespace, layer, type, data } = entry;
      const values = Object.entries(data).map(([key, variable]) => [key, variables.get(variable)!.stringValue]);
      writeOnlySecret(this, `${namespace}_${name}`, {
        metadata: { name, namespace, annotations: trackedBy(layer, namespace, name) },
        type,
        data: Object.fromEntries(values) as Record<string, string>,
        revision: revisionOf(entry),
        dependsOn: [namespaces.get(namespace)!],
      });
    }
  }

  /** One variable per environment variable, however many secrets use it; its error names them all. */
  private variables(secrets: readonly SecretEntry[]): ReadonlyMap<string, TerraformVariable> {
    const users = new Map<string, string[]>();
    for (const { name, namespace, data } of secrets) {
      for (const variable of new Set(Object.values(data))) {
        users.set(variable, [...(users.get(variable) ?? []), `the secret ${namespace}/${name}`]);
      }
    }
    return new Map(
      [...users].map(([variable, neededBy]) => {
        const declared = environmentVariable(this, variable, neededBy.join(' and '));
        declared.overrideLogicalId(variable);
        return [variable, declared];
      }),
    );
  }

  /** The layer that declares a namespace may come later than its secrets: whoever is first makes it. */
  private namespaces(secrets: readonly SecretEntry[]): ReadonlyMap<string, Release> {
    const chart = new TerraformAsset(this, 'namespace-chart', { path: NAMESPACE_CHART, type: AssetType.DIRECTORY });
    const names = [...new Set(secrets.map(({ namespace }) => namespace))];
    return new Map(
      names.map((namespace) => [
        namespace,
        new Release(this, `namespace_${namespace}`, {
          name: 'namespace',
          namespace,
          createNamespace: true,
          chart: chart.path,
        }),
      ]),
    );
  }
}

/**
 * Shows the secret under its layer in Argo CD, and keeps Argo CD from pruning it, from deleting it with the layer,
 * and from calling the layer out of sync. All of them are needed, in one write (docs/decisions).
 */
function trackedBy(layer: string, namespace: string, name: string): Record<string, string> {
  return {
    'argocd.argoproj.io/tracking-id': `${layer}:/Secret:${namespace}/${name}`,
    'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  };
}
