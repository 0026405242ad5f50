/** `npm run lock-providers [-- <mirror>]`: writes stacks/<stack>/.terraform.lock.hcl for all platforms, from the registry or a mirror. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cdktfOutput } from '#clients/program';
import { LOCK_FILE, requiredProviders } from '#stacks/provider-locks';

/** Where people and jobs deploy from. */
const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'];

const [mirror, ...rest] = process.argv.slice(2);
const stacks = join(cdktfOutput(process.env, '.'), 'stacks');
if (rest.length > 0 || !existsSync(stacks)) {
  console.error('Usage: npx cdktf synth && npm run lock-providers [-- <folder of a filesystem mirror>]');
  process.exit(2);
}

const work = mkdtempSync(join(tmpdir(), 'forge-lock-'));
try {
  const locked = readdirSync(stacks).map((stack) => [stack, lock(stack)] as const);
  // All or none.
  for (const [stack, file] of locked) copyFileSync(file, join('stacks', stack, LOCK_FILE));
  console.log('Look at the difference before you commit it: git diff -- stacks');
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true });
}

/** In a folder of its own, without the state and its credentials. @returns the file */
function lock(stack: string): string {
  const folder = mkdtempSync(join(work, `${stack}-`));
  const required = requiredProviders(join(stacks, stack));
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: required } }));
  const from = mirror === undefined ? [] : [`-fs-mirror=${resolve(mirror)}`];
  const platforms = PLATFORMS.map((platform) => `-platform=${platform}`);
  console.log(
    `${stack}: ${Object.values(required)
      .map(({ source, version }) => `${source} ${version}`)
      .join(', ')}`,
  );
  const args = ['providers', 'lock', ...from, ...platforms, '-no-color'];
  const { status } = spawnSync('terraform', args, {
    cwd: folder,
    env: { ...process.env, TF_REATTACH_PROVIDERS: undefined },
    stdio: 'inherit',
  });
  if (status === 0) return join(folder, LOCK_FILE);
  throw new Error(`The providers of ${stack} were not locked, see above: nothing was written.`);
}
