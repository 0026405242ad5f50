/** A folder with a Terraform configuration whose provider is the official one, where that can be had. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mirrorFolder } from '#sandbox/providers';
import { findOfficialProviders } from '#sandbox/toolchain/official-providers';
import { pinnedProviders } from '#sandbox/toolchain/provider-pins';
import { userToolchain } from '#sandbox/toolchain/toolchain';
import { newFolder } from '#test/new-folder';
import { openProject, type ProjectOptions, type TerraformProject } from './terraform-project';

/**
 * Looks in the folder that FORGE_MIRROR names and at the registry, if that answers soon.
 *
 * @param name such as `digitalocean`
 * @returns undefined, and a line in the output of the tests, where it cannot be had
 * @throws there, with FORGE_TEST_PROVIDERS=official
 */
export async function officialProject(
  name: string,
  options: Pick<ProjectOptions, 'settings' | 'environment'>,
): Promise<TerraformProject | undefined> {
  const pin = pinnedProviders().find(({ address }) => address.endsWith(`/${name}`))!;
  const configFile = join(newFolder('official'), 'terraform.rc');
  const mirror = mirrorFolder(process.env);
  const { platform, cache } = userToolchain();
  const found = await findOfficialProviders({
    pins: [pin],
    platform,
    folders: mirror === undefined ? [] : [mirror],
    cache: join(dirname(cache), 'providers'),
    terraform: 'terraform',
    configFile,
    progress: () => undefined,
  });
  if ('refusal' in found) {
    if (process.env['FORGE_TEST_PROVIDERS'] === 'official') throw new Error(found.refusal);
    process.stderr.write(`Not compared with the official provider: ${found.refusal.split('\n')[0]}\n`);
    return undefined;
  }
  const required = { [name]: { source: pin.address, version: pin.version } };
  return await openProject({ ...options, required, rc: readFileSync(configFile, 'utf8') });
}
