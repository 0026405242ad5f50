/** Kubernetes secrets that come from GitHub Secrets and belong to a layer without being in Git. */
import { resolve } from 'node:path';
import { Release } from '@cdktf/provider-helm/lib/release';
import { AssetType, Fn, TerraformAsset, Token, type TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import type { ForgeConfig } from '#config/schema';
import { environmentVariable } from '../environment-variable';
import { writeOnlySecret } from '../write-only-secret';

const NAMESPACE_CHART = resolve(__dirname, '../../charts/namespace');

/** A secret of forge.yaml, or one of our own. */
export type SecretEntry = ForgeConfig['secrets'][number] & {
  /** Keys whose values are no secrets. */
  readonly known?: Readonly<Record<string, string>>;
  /** Keys whose values some state holds anyway: references. When the first changes, the data is sent again. */
  readonly references?: Readonly<Record<string, string>>;
};

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
        data: { ...entry.known, ...entry.references, ...(Object.fromEntries(values) as Record<string, string>) },
        revision: revisionWith(revisionOf(entry), Object.values(entry.references ?? {})[0]),
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

/** The provider takes a number from 1 on; five hexadecimal digits make a million. */
function revisionWith(revision: number | undefined, reference: string | undefined): number | undefined {
  if (revision === undefined || reference === undefined) return revision;
  const hash = Fn.substr(Fn.sha256(Fn.join(' ', [String(revision), reference])), 0, 5);
  return Token.asNumber(Fn.sum([Fn.parseint(hash, 16), 1]));
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
