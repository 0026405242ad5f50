/** The emulated provider helm, with the real helm to render charts. */
import type { ProviderDefinition } from '../engine/resource';
import { deriveProviderSchema } from '../schema/derived';
import { blocks } from '../attributes';
import { KubernetesAccess } from '../kubernetes/access';
import { release, type HelmClient } from './release';

const resources = { helm_release: release };

export function helmProvider(program: Omit<HelmClient, 'kubernetes'>): ProviderDefinition<HelmClient> {
  return {
    schema: deriveProviderSchema('helm', { resources: Object.keys(resources) }),
    configure: (config) => ({ ...program, kubernetes: new KubernetesAccess(blocks(config, 'kubernetes')[0] ?? {}) }),
    resources,
    dataSources: {},
  };
}
