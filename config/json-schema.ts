import { z } from 'zod';
import { forgeSchema } from './schema';

/** Where the schema is kept, from the root of the repository; forge.yaml's first line points editors there. */
export const JSON_SCHEMA_FILE = 'config/forge.schema.json';

/** The JSON Schema of forge.yaml, for editors. It is draft 7, which the YAML language server knows best. */
export function forgeJsonSchema(): string {
  const schema = z.toJSONSchema(forgeSchema, { io: 'input', target: 'draft-7' });
  return JSON.stringify({ title: 'forge.yaml', ...schema }, null, 2) + '\n';
}
