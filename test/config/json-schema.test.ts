import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { forgeJsonSchema, JSON_SCHEMA_FILE } from '#config/json-schema';

const root = resolve(__dirname, '../..');
const schema = JSON.parse(forgeJsonSchema()) as Record<string, any>;

describe('the JSON Schema of forge.yaml', () => {
  it('is the committed one (otherwise: npm run schema)', () => {
    expect(readFileSync(resolve(root, JSON_SCHEMA_FILE), 'utf8')).toBe(forgeJsonSchema());
  });

  it('is where the first line of forge.yaml sends editors', () => {
    const [firstLine] = readFileSync(resolve(root, 'forge.yaml'), 'utf8').split('\n');
    expect(firstLine).toBe(`# yaml-language-server: $schema=./${JSON_SCHEMA_FILE}`);
  });

  it('lets a file leave out what has a default, and nothing else', () => {
    expect((schema['required'] as string[]).sort()).toEqual(
      ['acmeEmail', 'domain', 'name', 'network', 'region', 'repository', 'state', 'workers'].sort(),
    );
  });

  it('allows no unknown key and explains every known one', () => {
    const check = (node: Record<string, any>, path: string): void => {
      if (node['items']) check(node['items'], `${path}[]`);
      if (!node['properties']) return;
      expect({ path, additional: node['additionalProperties'] }).toEqual({ path, additional: false });
      for (const [key, child] of Object.entries<Record<string, any>>(node['properties'])) {
        expect({ path: `${path}.${key}`, explained: typeof child['description'] }).toEqual({
          path: `${path}.${key}`,
          explained: 'string',
        });
        check(child, `${path}.${key}`);
      }
    };
    check(schema, '');
  });
});
