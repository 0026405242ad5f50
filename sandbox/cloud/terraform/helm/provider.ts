/** Stands for the provider helm: the real helm does its work. */
import type { ProviderDefinition } from '../engine/resource';
import { deriveProviderSchema } from '../schema/derived';
import { blocks } from '../attributes';
import { HelmProgram } from './helm-program';
import { release } from './release';

const resources = { helm_release: release };

/** @param program path of helm */
export function helmProvider(program: string): ProviderDefinition<HelmProgram> {
  return {
    schema: deriveProviderSchema('helm', { resources: Object.keys(resources) }),
    configure: (config) => new HelmProgram(program, blocks(config, 'kubernetes')[0] ?? {}),
    resources,
    dataSources: {},
  };
}
