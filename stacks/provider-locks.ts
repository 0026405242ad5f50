/**
 * Which packages of Terraform providers may get the tokens: `stacks/<stack>/.terraform.lock.hcl`, in Git, written by
 * `npm run lock-providers`. Where one is removed Terraform takes what the registry signs.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '#config/config-error';

export const LOCK_FILE = '.terraform.lock.hcl';
const PROVIDER = /^provider "(?:registry\.terraform\.io\/)?([^"]+)" \{\n\s+version\s+= "([^"]+)"/gm;

/** Terraform's `required_providers`, as synthesised. */
type Required = Readonly<Record<string, { readonly source: string; readonly version: string }>>;

/**
 * Puts the files beside the synthesised stacks. Terraform then refuses every other package.
 *
 * @param locks the folder that holds one folder per stack
 * @throws ConfigError for a file without one of the stack's providers: Terraform would add it by itself
 */
export function placeProviderLocks(outdir: string, env: NodeJS.ProcessEnv, locks: string = __dirname): void {
  const stacks = join(outdir, 'stacks');
  for (const stack of readdirSync(stacks)) {
    if (!isLocked(stack, env, locks)) continue;
    refuseIncomplete(stack, requiredProviders(join(stacks, stack)), join(locks, stack, LOCK_FILE));
    copyFileSync(join(locks, stack, LOCK_FILE), join(stacks, stack, LOCK_FILE));
  }
}

/** Options of `terraform init` in a synthesised stack. */
export function lockOptions(stack: string, env: NodeJS.ProcessEnv, locks: string = __dirname): string[] {
  return isLocked(stack, env, locks) ? ['-lockfile=readonly'] : [];
}

/** Stand-ins are running programs, which Terraform does not install. */
function isLocked(stack: string, { TF_REATTACH_PROVIDERS }: NodeJS.ProcessEnv, locks: string): boolean {
  return !TF_REATTACH_PROVIDERS && existsSync(join(locks, stack, LOCK_FILE));
}

export function requiredProviders(folder: string): Required {
  const { terraform } = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as {
    terraform: { required_providers: Required };
  };
  return terraform.required_providers;
}

function refuseIncomplete(stack: string, required: Required, file: string): void {
  const locked = [...readFileSync(file, 'utf8').matchAll(PROVIDER)].map(
    ([, source, version]) => `${source} ${version}`,
  );
  const missing = Object.values(required)
    .map(({ source, version }) => `${source.includes('/') ? source : `hashicorp/${source}`} ${version}`)
    .filter((provider) => !locked.includes(provider));
  if (missing.length === 0) return;
  throw new ConfigError(
    `${file} lacks ${missing.join(', ')}, which the stack ${stack} needs. Where the registry can be reached: npm run lock-providers, then look at the difference and commit it.`,
  );
}
