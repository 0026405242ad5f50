/**
 * `npm run remember-release`, when a release is tagged: the states that the next one is planned from, without secrets. In the
 * shell of a sandbox in which the release is deployed.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readObject } from '#cli/state/bucket-object';
import { withStandIns } from '#cli/state/stand-ins';
import { parseState } from '#cli/state/state-file';
import { stateKeyOf } from '#cli/state/stacks';
import { spacesTarget, withSpaces } from '#clients/spaces/client';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { STACKS } from '#stacks/stack-names';

const RELEASE = join(__dirname, '../test/release');

async function remember(env: NodeJS.ProcessEnv): Promise<void> {
  const file = configFile(env);
  const config = loadConfig(file);
  const states = await withSpaces(spacesTarget(config, env), (spaces) =>
    Promise.all(
      STACKS.map(async (stack) => {
        const key = stateKeyOf(config, stack);
        const object = await readObject(spaces, key);
        if (object === undefined) throw new Error(`${stack} is not deployed here.`);
        return parseState(object.text, key);
      }),
    ),
  );
  for (const [index, copy] of withStandIns(states).entries())
    writeFileSync(join(RELEASE, 'states', `${STACKS[index]!}.json`), `${JSON.stringify(copy, undefined, 2)}\n`);
  copyFileSync(file, join(RELEASE, 'forge.yaml'));
}

void remember(process.env);
