/** Writes the JSON Schema of forge.yaml from the schema that the loader uses. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { forgeJsonSchema, JSON_SCHEMA_FILE } from '#config/json-schema';

const file = resolve(__dirname, '..', JSON_SCHEMA_FILE);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, forgeJsonSchema());
console.log(`wrote ${JSON_SCHEMA_FILE}`);
