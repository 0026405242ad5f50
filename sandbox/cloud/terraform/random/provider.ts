/** The random provider: values made once and kept in the state. */
import type { ProviderDefinition } from '../engine/resource';
import { providerSchema } from '../schema/schema';
import { id } from './id';
import { password } from './password';

const resources = { random_password: password, random_id: id };

export function randomProvider(): ProviderDefinition<null> {
  const schema = providerSchema('random');
  return { schema, configure: () => null, resources, dataSources: {} };
}
