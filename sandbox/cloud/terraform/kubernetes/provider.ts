/** A stand-in for the provider kubernetes: real objects in the API server that its configuration names. */
import type { ProviderDefinition } from '../engine/resource';
import { deriveProviderSchema } from '../schema/derived';
import { KubernetesAccess } from './access';
import { namespace } from './namespace';
import { secret } from './secret';

const resources = { kubernetes_namespace_v1: namespace, kubernetes_secret_v1: secret };

export function kubernetesProvider(): ProviderDefinition<KubernetesAccess> {
  return {
    sdk: true,
    schema: deriveProviderSchema('kubernetes', { resources: Object.keys(resources) }),
    behaviors: { deprecated: ['experiments.manifest_resource'] },
    configure: (config) => new KubernetesAccess(config),
    resources,
    dataSources: {},
  };
}
