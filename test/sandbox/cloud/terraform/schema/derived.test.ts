import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProviderSchema } from '#sandbox/cloud/terraform/schema/schema';
import { handwrittenProviders, packagedProviders } from './emulated-providers';
import { essence, generatedBindings } from './generated-bindings';

jest.setTimeout(60_000);

const GENERATED = join(__dirname, '../../../../../.gen/providers');

describe('a schema derived from the bindings of a package', () => {
  it.each(['digitalocean', 'github', 'helm', 'kubernetes'])(
    "gives the bindings of %s again when CDKTF's generator makes them from it",
    async (name) => {
      const { schema } = packagedProviders()[name]!;
      const generated = await essences(schema, name, (folder) => packagedBinding(name, folder));
      expect(generated.made).toEqual(generated.expected);
    },
  );
});

describe('a handwritten schema', () => {
  it.each(['http', 'random', 'tls'])('is what the committed bindings of %s were made from', async (name) => {
    const { schema } = handwrittenProviders()[name]!;
    const generated = await essences(schema, name, (folder) =>
      readFileSync(join(GENERATED, name, folder, 'index.ts'), 'utf8'),
    );
    expect(generated.made).toEqual(generated.expected);
  });
});

async function essences(
  schema: ProviderSchema,
  name: string,
  binding: (folder: string) => string,
): Promise<{ made: object; expected: object }> {
  const made = await generatedBindings(schema, foldersOf(schema, name));
  const entries = [...made];
  return {
    made: Object.fromEntries(entries.map(([folder, code]) => [folder, essence(code)])),
    expected: Object.fromEntries(entries.map(([folder]) => [folder, essence(binding(folder))])),
  };
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
