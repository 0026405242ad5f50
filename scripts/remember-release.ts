/**
 * `npm run remember-release`, when a release is tagged: the states that the next one is planned from, without secrets. In the
 * shell of a sandbox in which the release is deployed.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processTerminal } from '#cli/output/terminal';
import { statesWithoutSecrets } from '#cli/state/copy';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { STACKS } from '#stacks/stack-names';

const RELEASE = join(__dirname, '../test/release');

async function remember(): Promise<void> {
  const terminal = processTerminal();
  const file = configFile(terminal.env);
  const states = await statesWithoutSecrets(terminal, loadConfig(file));
  const missing = STACKS.filter((_, index) => states[index]!.resources.length === 0);
  if (missing.length > 0) throw new Error(`Not deployed here: ${missing.join(', ')}`);
  for (const [index, state] of states.entries())
    writeFileSync(join(RELEASE, 'states', `${STACKS[index]!}.json`), `${JSON.stringify(state, undefined, 2)}\n`);
  copyFileSync(file, join(RELEASE, 'forge.yaml'));
}

void remember();
