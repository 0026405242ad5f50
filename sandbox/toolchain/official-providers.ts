/** Finds the official Terraform providers: in a mirror, in a plugin cache, or at the registry. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '#clients/program';
import { networkReason } from './download';
import { REGISTRY, type ProviderPin } from './provider-pins';

export interface ProviderSearch {
  readonly pins: readonly ProviderPin[];
  /** Like linux/amd64. */
  readonly platform: string;
  /** Folders in the layout of Terraform's filesystem mirror, which a plugin cache has too; the first that has a provider gives it. */
  readonly folders: readonly string[];
  /** Where providers from the registry are kept. */
  readonly cache: string;
  /** Path of the program. */
  readonly terraform: string;
  /** Terraform's CLI configuration, which is written so that it finds them. */
  readonly configFile: string;
  readonly progress: (line: string) => void;
  /** URL; another one in tests. */
  readonly registry?: string;
}

/** Where the providers come from, in words for a person, or why they cannot be had. */
export type ProvidersFound = { readonly from: string } | { readonly refusal: string };

const REACH_LIMIT_MS = 3000;

/** Never waits for a network that does not answer. */
export async function findOfficialProviders(search: ProviderSearch): Promise<ProvidersFound> {
  const missing = search.pins.filter((pin) => folderOf(search, pin) === undefined);
  if (missing.length > 0) {
    const refusal = await refusalOf(search.registry ?? `https://${REGISTRY}`);
    if (refusal !== undefined) return { refusal: `${namesOf(missing)}: ${refusal}` };
    mkdirSync(search.cache, { recursive: true, mode: 0o700 });
  }
  writeFileSync(search.configFile, installation(search, missing), { mode: 0o600 });
  const failure = await initFailure(search);
  if (failure !== undefined) return { refusal: failure };
  // From now on no stack asks the registry again.
  writeFileSync(search.configFile, installation(search, []), { mode: 0o600 });
  const folders = new Set(search.pins.map((pin) => folderOf(search, pin)).filter((folder) => folder !== undefined));
  return { from: [...folders].join(', ') };
}

/** @returns the folder that holds the provider, packed or not */
function folderOf({ folders, cache, platform }: ProviderSearch, { address, version }: ProviderPin): string | undefined {
  const target = platform.replace('/', '_');
  const packed = `terraform-provider-${address.split('/').at(-1)}_${version}_${target}.zip`;
  return [...folders, cache].find(
    (folder) => existsSync(join(folder, address, version, target)) || existsSync(join(folder, address, packed)),
  );
}

function installation(search: ProviderSearch, missing: readonly ProviderPin[]): string {
  const text = JSON.stringify;
  const mirrors = [...search.folders, search.cache].flatMap((folder) => {
    const held = search.pins.filter((pin) => folderOf(search, pin) === folder).map(({ address }) => address);
    return held.length === 0
      ? []
      : [`  filesystem_mirror {\n    path = ${text(folder)}\n    include = ${text(held)}\n  }`];
  });
  const direct = `  direct {\n    include = ${text(missing.map(({ address }) => address))}\n  }`;
  return [
    ...(missing.length === 0
      ? []
      : [`plugin_cache_dir = ${text(search.cache)}`, 'plugin_cache_may_break_dependency_lock_file = true']),
    'provider_installation {',
    ...mirrors,
    ...(missing.length === 0 ? [] : [direct]),
    '}\n',
  ].join('\n');
}

/** Whether somebody answers at an address in time. */
export async function isReachable(url: string): Promise<boolean> {
  return (await refusalOf(url)) === undefined;
}

async function refusalOf(url: string): Promise<string | undefined> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(REACH_LIMIT_MS) });
    return undefined;
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError';
    const reason = isLate ? `no answer within ${REACH_LIMIT_MS / 1000} s` : networkReason(error);
    return `${new URL(url).host} cannot be reached: ${reason}`;
  }
}

/** Has Terraform install all of them where nobody needs them. @returns what it says when it cannot */
async function initFailure({ pins, terraform, configFile, progress }: ProviderSearch): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-providers-'));
  try {
    const required = pins.map(({ address, version }) => [address.split('/').at(-1)!, { source: address, version }]);
    const project = { terraform: { required_providers: Object.fromEntries(required) as object } };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(project));
    const env = { ...process.env, TF_CLI_CONFIG_FILE: configFile, CHECKPOINT_DISABLE: '1' };
    const { code, text } = await runProgram(terraform, ['init', '-input=false', '-no-color'], {
      cwd: folder,
      env: { ...env, TF_PLUGIN_CACHE_DIR: undefined, TF_REATTACH_PROVIDERS: undefined },
      progress,
    });
    return code === 0 ? undefined : text.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function namesOf(pins: readonly ProviderPin[]): string {
  return pins.map(({ address, version }) => `${address.slice(REGISTRY.length + 1)} ${version}`).join(', ');
}
