/**
 * `npm run remember-release`, when a release is tagged: the states that the next one is planned from. In the shell of a sandbox
 * in which the release is deployed; they hold no secret.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copiesTarget } from '#cli/state/copy';
import { readState } from '#cli/state/state-file';
import { stateKeyOf } from '#cli/state/stacks';
import { withSpaces } from '#clients/spaces/client';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { STACKS } from '#stacks/stack-names';

const RELEASE = join(__dirname, '../test/release');

async function remember(env: NodeJS.ProcessEnv): Promise<void> {
  const file = configFile(env);
  const config = loadConfig(file);
  await withSpaces(copiesTarget(config, env), async (spaces) => {
    for (const stack of STACKS) {
      const state = await readState(spaces, stateKeyOf(config, stack));
      if (state?.outputs === undefined) throw new Error(`${stack} is not deployed here.`);
      writeFileSync(join(RELEASE, 'states', `${stack}.json`), `${JSON.stringify(state, undefined, 2)}\n`);
    }
  });
  copyFileSync(file, join(RELEASE, 'forge.yaml'));
}

void remember(process.env);
