/** CDKTF's own generator, run over a schema of ours: what comes out can be compared with the bindings in the packages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodeMaker, TerraformProviderGenerator } from '@cdktf/provider-generator';
import type { Attribute, Block, ProviderSchema, VersionedBlock } from '#sandbox/cloud/terraform/schema/schema';
import { newFolder } from '#test/new-folder';

/**
 * The code of every binding, by the folder that the generator chose for it.
 *
 * @param input one provider, in the form of `terraform providers schema -json`
 */
export async function generatedBindings(
  input: object,
  folders: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const output = newFolder('bindings');
  const code = new CodeMaker();
  const [address] = Object.keys((input as { provider_schemas: object }).provider_schemas);
  new TerraformProviderGenerator(code, input).generateAll();
  await code.save(output);
  const provider = address!.split('/').at(-1)!;
  const file = (folder: string) => join(output, 'providers', provider, folder, 'index.ts');
  return new Map(folders.map((folder) => [folder, readFileSync(file(folder), 'utf8')]));
}

/**
 * A binding without what the schema does not decide: descriptions and versions. The lines that tell computed,
 * optional and required attributes apart, and blocks from attributes, stay.
 */
export function essence(binding: string): string {
  return binding
    .replaceAll(/\/\*\*((?:(?!\*\/)[^])*)\*\//g, (_, doc: string) => /\* (\w+ block)\s/.exec(doc)?.[1] ?? '')
    .replaceAll(/^\/\/ https:.*$/gm, '')
    .replaceAll(/terraformGeneratorMetadata: \{[^}]*\}|terraformProviderSource: '.*'/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=[;{}]) /g, '\n')
    .trim();
}

/** A schema in the form of `terraform providers schema -json`. */
export function jsonSchema({ address, provider, resources, dataSources }: ProviderSchema): object {
  const schemas = {
    provider: { version: 0, block: jsonBlock(provider) },
    resource_schemas: jsonBlocks(resources),
    data_source_schemas: jsonBlocks(dataSources),
  };
  return { format_version: '1.0', provider_schemas: { [address]: schemas } };
}

function jsonBlocks(blocks: Readonly<Record<string, VersionedBlock>>): object {
  const entries = Object.entries(blocks);
  return Object.fromEntries(
    entries.map(([type, block]) => [type, { version: block.version, block: jsonBlock(block) }]),
  );
}

function jsonBlock({ attributes, blocks }: Block): object {
  const nested = Object.entries(blocks).map(([name, { nesting, block, minItems, maxItems }]) => [
    name,
    { nesting_mode: nesting, block: jsonBlock(block), min_items: minItems, max_items: maxItems },
  ]);
  return { attributes: jsonAttributes(attributes), block_types: Object.fromEntries(nested) as object };
}

function jsonAttributes(attributes: Readonly<Record<string, Attribute>>): object {
  const entries = Object.entries(attributes).map(([name, { nested, ...rest }]) => [
    name,
    {
      ...rest,
      ...(nested && {
        nested_type: { nesting_mode: nested.nesting, attributes: jsonAttributes(nested.attributes) },
      }),
    },
  ]);
  return Object.fromEntries(entries) as object;
}
