/** Stands for the provider helm: the real helm does its work. */
import type { ProviderDefinition } from '../engine/resource';
import { providerSchema } from '../schema/schema';
import { blocks } from '../attributes';
import { HelmProgram } from './helm-program';
import { release } from './release';

const resources = { helm_release: release };

/** @param program path of helm */
export function helmProvider(program: string): ProviderDefinition<HelmProgram> {
  return {
    schema: providerSchema('helm'),
    configure: (config) => new HelmProgram(program, blocks(config, 'kubernetes')[0] ?? {}),
    resources,
    dataSources: {},
  };
}
