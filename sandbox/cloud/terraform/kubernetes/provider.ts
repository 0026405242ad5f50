/** A stand-in for the provider kubernetes: real objects in the API server that its configuration names. */
import type { ProviderDefinition } from '../engine/resource';
import { providerSchema } from '../schema/schema';
import { KubernetesAccess } from './access';
import { namespace } from './namespace';
import { secret } from './secret';

const resources = { kubernetes_namespace_v1: namespace, kubernetes_secret_v1: secret };

export function kubernetesProvider(): ProviderDefinition<KubernetesAccess> {
  return {
    sdk: true,
    schema: providerSchema('kubernetes'),
    configure: (config) => new KubernetesAccess(config),
    resources,
    dataSources: {},
  };
}
