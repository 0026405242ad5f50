/** `forge init`: makes a checkout a team's own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { configure } from '../configure/configure';
import { claimedVolumes } from '../cost/claimed-volumes';
import { describeEstimate } from '../cost/command';
import { estimate } from '../cost/estimate';
import { readManifests, writeManifests } from '../manifests/folder';
import { lines } from '../output/text';
import { processTerminal, type Terminal } from '../output/terminal';
import { answered } from './answers';
import { Draft } from './draft';
import { QUESTIONS } from './questions';

type Options = Readonly<Record<string, string | boolean | undefined>>;

/**
 * @param terminal the default is the process's own
 * @param checkout the folder that holds k8s/
 */
export function initCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  const command = new Command('init').description(
    'Ask what a forge of your own needs, write the answers into forge.yaml and from there into k8s/. Shows what it will cost before\n' +
      'it writes. An empty answer keeps what stands there, so it can be run again. What an option names is not asked; with --yes\n' +
      'nothing is.',
  );
  for (const { option, placeholder, explanation } of QUESTIONS) {
    command.addOption(new Option(`--${option} <${placeholder}>`, explanation));
  }
  return command
    .option('-y, --yes', 'ask nothing: keep what no option names')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx forge init --yes --name acme --domain forge.acme.dev --repository acme/forge',
    )
    .action((options: Options) => init(terminal, checkout, options));
}

async function init(terminal: Terminal, checkout: string, options: Options): Promise<void> {
  const { ask, write } = terminal;
  const file = configFile(terminal.env);
  const asking = options['yes'] === true ? undefined : ask;
  if (options['yes'] !== true && ask === undefined) {
    throw new CommandFailure('Nobody can be asked. With --yes, everything that no option names stays as it is.', {
      exitCode: 2,
    });
  }
  const before = Draft.of('forge.yaml', read(file));
  const after = await answered(before, { options, ask: asking, tell: write, checkout });
  const config = after.requireConfig();
  write(`\n${describeEstimate(estimate(config, claimedVolumes(checkout)))}`);
  const wanted = await asking?.('\nWrite forge.yaml and k8s/? [Y/n] ');
  if (/^n/i.test(wanted ?? '')) throw new CommandFailure('Nothing was written.');
  if (after.text !== before.text) writeFileSync(file, after.text);
  const folder = join(checkout, 'k8s');
  const manifests = readManifests(folder);
  const written = writeManifests(folder, manifests, configure(config, manifests).files);
  write(summary(after.text !== before.text, written));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CommandFailure(`There is no ${file}. Work in the folder of the checkout.`, { exitCode: 2 });
  }
}

function summary(isChanged: boolean, manifests: number): string {
  const what =
    isChanged || manifests > 0 ? `Written: forge.yaml and ${manifests} files of k8s/.` : 'Nothing to change.';
  return lines([
    '',
    what,
    'Next:',
    '  make sandbox            rehearses it on this machine, without an account',
    '  npx forge github setup  prepares the repository for deploys',
  ]);
}
