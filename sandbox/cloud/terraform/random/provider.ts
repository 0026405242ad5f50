/** The random provider: values made once and kept in the state. */
import { join } from 'node:path';
import type { ProviderDefinition } from '../engine/resource';
import { readSchemaFile } from '../schema/terraform-json';
import { id } from './id';
import { password } from './password';

const SCHEMA = join(__dirname, '../../../../schemas/random@3.7.2.json');

export function randomProvider(): ProviderDefinition<null> {
  return {
    schema: readSchemaFile(SCHEMA),
    configure: () => null,
    resources: { random_password: password, random_id: id },
    dataSources: {},
  };
}
