/** `terraform validate` for every synthesised stack, with the providers that a deploy would use, and no account. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cdktfOutput } from '#clients/program';
import { lockOptions } from '#stacks/provider-locks';

const stacks = join(cdktfOutput(process.env, '.'), 'stacks');
if (!existsSync(stacks)) {
  console.error(`There are no stacks in ${stacks}. Make them first: npx cdktf synth`);
  process.exit(2);
}

// The stacks share providers of up to 100 MB: each is fetched once.
const cache = mkdtempSync(join(tmpdir(), 'forge-providers-'));
const env = { ...process.env, TF_PLUGIN_CACHE_DIR: cache, TF_DATA_DIR: join(cache, 'data'), TF_IN_AUTOMATION: '1' };
const terraform = (folder: string, args: readonly string[]) =>
  spawnSync('terraform', [`-chdir=${folder}`, ...args, '-no-color'], { env, stdio: 'inherit' }).status === 0;

let failed = 0;
for (const stack of readdirSync(stacks)) {
  console.log(`\n${stack}`);
  const folder = join(stacks, stack);
  const valid =
    terraform(folder, ['init', '-backend=false', '-input=false', ...lockOptions(stack, process.env)]) &&
    terraform(folder, ['validate']);
  if (!valid) failed += 1;
  rmSync(join(cache, 'data'), { recursive: true, force: true });
}
rmSync(cache, { recursive: true, force: true });
if (failed > 0) {
  console.error(`${failed} of the stacks are not valid: see above.`);
  process.exitCode = 1;
}
