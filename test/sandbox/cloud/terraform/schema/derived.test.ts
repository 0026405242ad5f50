import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProviderSchema } from '#sandbox/cloud/terraform/schema/schema';
import { emulatedProviders } from './emulated-providers';
import { essence, generatedBindings, jsonSchema } from './generated-bindings';

jest.setTimeout(60_000);

const ROOT = join(__dirname, '../../../../..');

describe('a schema derived from bindings', () => {
  it.each(['digitalocean', 'github', 'helm', 'kubernetes'])(
    "gives the bindings of the package %s again when CDKTF's generator makes them from it",
    async (name) => {
      const { schema } = emulatedProviders()[name]!;
      const made = await generatedBindings(jsonSchema(schema), foldersOf(schema, name));
      expect(essences(made)).toEqual(essences(made, (folder) => packagedBinding(name, folder)));
    },
  );

  it.each(['http', 'random', 'tls'])(
    'gives the bindings of %s in .gen again, as does the schema that they were made from',
    async (name) => {
      const { schema } = emulatedProviders()[name]!;
      const folders = foldersOf(schema, name);
      const committed = (folder: string) =>
        readFileSync(join(ROOT, '.gen/providers', name, folder, 'index.ts'), 'utf8');
      for (const json of [jsonSchema(schema), schemaFile(name)]) {
        const made = await generatedBindings(json, folders);
        expect(essences(made)).toEqual(essences(made, committed));
      }
    },
  );
});

function essences(
  made: ReadonlyMap<string, string>,
  binding = (folder: string): string => made.get(folder)!,
): Record<string, string> {
  return Object.fromEntries([...made.keys()].map((folder) => [folder, essence(binding(folder))]));
}

/** In the form of `terraform providers schema -json`. */
function schemaFile(name: string): object {
  const file = readdirSync(join(ROOT, 'schemas')).find((one) => one.startsWith(`${name}@`))!;
  return JSON.parse(readFileSync(join(ROOT, 'schemas', file), 'utf8')) as object;
}

function foldersOf({ resources, dataSources }: ProviderSchema, name: string): string[] {
  const folder = (type: string) => type.replace(`${name}_`, '').replaceAll('_', '-');
  return [
    'provider',
    ...Object.keys(resources).map(folder),
    ...Object.keys(dataSources).map((type) => (type === name ? `data-${name}` : `data-${name}-${folder(type)}`)),
  ];
}

/** The TypeScript that a package's binding was compiled from. */
function packagedBinding(provider: string, folder: string): string {
  const root = dirname(require.resolve(`@cdktf/provider-${provider}/package.json`));
  const compiled = readFileSync(join(root, 'lib', folder, 'index.js'), 'utf8');
  const encoded = compiled.slice(compiled.lastIndexOf('base64,') + 'base64,'.length).trim();
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as { sourcesContent: [string] };
  return map.sourcesContent[0];
}
