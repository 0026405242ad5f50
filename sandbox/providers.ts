/** Which Terraform providers a sandbox uses: the official ones wherever they can be had, else our stand-ins for them. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { prepareFolder, type SandboxFolder } from './place/folder';
import { readSettings, type ProvidersInUse } from './place/settings';
import { findOfficialProviders, isReachable, type ProviderSearch } from './toolchain/official-providers';
import { pinnedProviders } from './toolchain/provider-pins';
import { userToolchain } from './toolchain/toolchain';

export const PROVIDER_CHOICES = ['auto', 'official', 'emulated'] as const;
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];

export interface ProvidersOptions {
  readonly choice: ProviderChoice;
  /** FORGE_MIRROR and TF_PLUGIN_CACHE_DIR are read. */
  readonly env: NodeJS.ProcessEnv;
  /** Path of the program. */
  readonly terraform: string;
  readonly progress: (line: string) => void;
  /** Instead of the pinned providers and the registry. */
  readonly search?: Partial<ProviderSearch>;
}

export const STAND_INS: ProvidersInUse = { kind: 'emulated', note: 'stand-ins of the sandbox' };
const CHARTS_INDEX = 'https://argoproj.github.io/argo-helm/index.yaml';

/**
 * Decides once for each sandbox, and writes Terraform's CLI configuration. Never waits for a network that does not answer.
 *
 * @throws CommandFailure when there are no official providers and they are asked for, or when the sandbox uses others already
 */
export async function chooseProviders(folder: SandboxFolder, options: ProvidersOptions): Promise<ProvidersInUse> {
  const decided = readSettings(folder)?.providers;
  if (decided !== undefined) return asDecided(decided, options.choice);
  prepareFolder(folder);
  const found = options.choice === 'emulated' ? undefined : await findOfficial(folder, options);
  if (found !== undefined && 'from' in found) {
    const officialCharts = await argoCdChartsAnswer();
    return { kind: 'official', note: `official ones from ${found.from}`, officialCharts };
  }
  if (options.choice === 'official') {
    throw new CommandFailure(
      [
        `The official Terraform providers cannot be had. ${found?.refusal}`,
        'What helps: a way to registry.terraform.io, or FORGE_MIRROR with a folder that holds them (docs/sandbox.md).',
      ].join('\n'),
    );
  }
  return found === undefined ? STAND_INS : { kind: 'emulated', note: `${STAND_INS.note}. ${found.refusal}` };
}

/** Whether the repository of Argo CD's charts can be reached. */
export function argoCdChartsAnswer(): Promise<boolean> {
  return isReachable(CHARTS_INDEX);
}

/** What FORGE_MIRROR names: a folder that is asked before the vendors (docs/sandbox.md). */
export function mirrorFolder(env: NodeJS.ProcessEnv): string | undefined {
  return env['FORGE_MIRROR'] === '' ? undefined : env['FORGE_MIRROR'];
}

function asDecided(decided: ProvidersInUse, choice: ProviderChoice): ProvidersInUse {
  if (choice === 'auto' || choice === decided.kind) return decided;
  throw new CommandFailure(`This sandbox uses ${decided.note}. For others end it first: npx forge sandbox down`);
}

function findOfficial(
  folder: SandboxFolder,
  { env, terraform, progress, search }: ProvidersOptions,
): ReturnType<typeof findOfficialProviders> {
  const { platform, cache } = userToolchain(env);
  const folders = [mirrorFolder(env), env['TF_PLUGIN_CACHE_DIR']].filter((path) => path !== undefined && path !== '');
  return findOfficialProviders({
    platform,
    terraform,
    progress,
    configFile: folder.terraformConfig,
    pins: pinnedProviders(),
    folders: (folders as string[]).map((path) => resolve(path)).filter((path) => existsSync(path)),
    cache: join(dirname(cache), 'providers'),
    ...search,
  });
}
