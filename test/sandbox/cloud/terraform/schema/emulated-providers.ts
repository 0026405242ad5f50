/** The definitions of every emulated provider, as the sandbox serves them. */
import type { ProviderDefinition } from '#sandbox/cloud/terraform/engine/resource';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { githubProvider } from '#sandbox/cloud/terraform/github/provider';
import { helmProvider } from '#sandbox/cloud/terraform/helm/provider';
import { httpProvider } from '#sandbox/cloud/terraform/http/provider';
import { kubernetesProvider } from '#sandbox/cloud/terraform/kubernetes/provider';
import { randomProvider } from '#sandbox/cloud/terraform/random/provider';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';

type Definition = Pick<ProviderDefinition<never>, 'schema' | 'resources' | 'dataSources'>;

/** By the name of the bindings' package or folder. */
export function emulatedProviders(): Readonly<Record<string, Definition>> {
  return {
    digitalocean: digitalOceanProvider('http://127.0.0.1:1'),
    github: githubProvider('http://127.0.0.1:1'),
    helm: helmProvider('helm'),
    http: httpProvider(),
    kubernetes: kubernetesProvider(),
    random: randomProvider(),
    tls: tlsProvider(),
  };
}
