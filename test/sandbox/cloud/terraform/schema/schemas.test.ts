/** @jest-environment node */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodeMaker, TerraformProviderGenerator } from '@cdktf/provider-generator';
import { pinnedProviders } from '#sandbox/toolchain/provider-pins';
import { newFolder } from '#test/new-folder';

jest.setTimeout(60_000);

const SCHEMAS = join(__dirname, '../../../../../schemas');

describe('the committed schema of', () => {
  it.each(['digitalocean', 'github', 'helm', 'kubernetes'])(
    "%s gives the bindings of its package again when CDKTF's generator makes them from it",
    async (name) => {
      const { address, version } = pinnedProviders().find((pin) => pin.address.endsWith(`/${name}`))!;
      const schema = JSON.parse(readFileSync(join(SCHEMAS, `${name}@${version}.json`), 'utf8')) as SchemaFile;
      const bindings = await generatedBindings(schema, foldersOf(schema.provider_schemas[address]!, name), name);
      const packaged = [...bindings.keys()].map((folder) => [folder, essence(packagedBinding(name, folder))]);
      expect(Object.fromEntries([...bindings])).toEqual(Object.fromEntries(packaged));
    },
  );
});

/** What `terraform providers schema -json` prints of one provider. */
interface Types {
  readonly resource_schemas: object;
  readonly data_source_schemas?: object;
}
interface SchemaFile {
  readonly provider_schemas: Readonly<Record<string, Types>>;
}

/** The code of every binding, by the folder that the generator chose for it. */
async function generatedBindings(
  schema: object,
  folders: readonly string[],
  provider: string,
): Promise<ReadonlyMap<string, string>> {
  const output = newFolder('bindings');
  const code = new CodeMaker();
  new TerraformProviderGenerator(code, schema).generateAll();
  await code.save(output);
  const file = (folder: string) => join(output, 'providers', provider, folder, 'index.ts');
  return new Map(folders.map((folder) => [folder, essence(readFileSync(file(folder), 'utf8'))]));
}

function foldersOf({ resource_schemas, data_source_schemas = {} }: Types, name: string): string[] {
  const folder = (type: string) => type.replace(`${name}_`, '').replaceAll('_', '-');
  return [
    'provider',
    ...Object.keys(resource_schemas).map(folder),
    ...Object.keys(data_source_schemas).map((type) => `data-${name}-${folder(type)}`),
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

/**
 * A binding without what the schema does not decide: descriptions and versions. The lines that tell computed,
 * optional and required attributes apart, and blocks from attributes, stay.
 */
function essence(binding: string): string {
  return binding
    .replaceAll(/\/\*\*((?:(?!\*\/)[^])*)\*\//g, (_, doc: string) => /\* (\w+ block)\s/.exec(doc)?.[1] ?? '')
    .replaceAll(/^\/\/ https:.*$/gm, '')
    .replaceAll(/terraformGeneratorMetadata: \{[^}]*\}|terraformProviderSource: '.*'/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=[;{}]) /g, '\n')
    .trim();
}
