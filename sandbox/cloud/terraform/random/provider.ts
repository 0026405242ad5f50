/** The random provider: values made once and kept in the state. */
import type { ProviderDefinition } from '../engine/resource';
import { deriveGeneratedSchema } from '../schema/derived';
import { id } from './id';
import { password } from './password';

const resources = { random_password: password, random_id: id };

export function randomProvider(): ProviderDefinition<null> {
  const schema = deriveGeneratedSchema('random', { resources: Object.keys(resources) });
  return { schema, configure: () => null, resources, dataSources: {} };
}
