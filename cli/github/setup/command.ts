/** `forge github setup`: makes on GitHub what docs/delivery.md describes. */
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { github } from '#clients/github/client';
import { explainGithub } from '#clients/github/failure';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { json, lines } from '../../output/text';
import type { Terminal } from '../../output/terminal';
import { environmentSteps } from './environments';
import { actionsSteps, branchSteps, ownerSteps } from './repository';
import { secretSteps } from './secrets';
import type { SetupContext, Step } from './step';

interface Options {
  readonly check?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly reviewer: readonly string[];
  readonly renew: readonly string[];
}

const collect = (value: string, known: readonly string[]): string[] => [...known, value];
const PERMISSIONS = 'Actions: read, Administration: write, Environments: write, Contents: read';

export function setupCommand(terminal: Terminal, checkout: string): Command {
  return new Command('setup')
    .summary('make environments, secrets and rules of the repository')
    .description(
      'Make on GitHub what docs/delivery.md describes: environments and their rules, secrets, which actions may run, and the rules of main.\n' +
        'Shows the difference first, and does nothing twice. Values of secrets come from variables like PLAN_DIGITALOCEAN_TOKEN (of\n' +
        'production also without the prefix) or from a hidden prompt; GitHub gets them sealed. Needs GITHUB_TOKEN, of an administrator of\n' +
        `the repository: ${PERMISSIONS}. Exits with 1 while something is missing.`,
    )
    .option('--check', 'change and ask nothing; list what is missing')
    .option(
      '--json',
      'with --check: print an array of {what, by}; by is "setup", or "you" for what only a person can do',
    )
    .option('--reviewer <login>', 'who may approve deploys and plans; can be given up to six times', collect, [])
    .option('--renew <secret>', 'give a secret that is there a new value; can be given several times', collect, [])
    .option('-y, --yes', 'do not ask before the changes')
    .addHelpText('after', '\nExample:\n  $ npx forge github setup --reviewer alice')
    .action(async (options: Options) => {
      try {
        await setUp(terminal, checkout, options);
      } catch (error) {
        if (error instanceof CommandFailure || (error as { exitCode?: number }).exitCode !== undefined) throw error;
        throw explainGithub(error, 'set up the repository', PERMISSIONS);
      }
    });
}

async function setUp(terminal: Terminal, checkout: string, options: Options): Promise<void> {
  const { check, yes, reviewer, renew } = options;
  if (options.json && !check) throw new CommandFailure('--json goes with --check.', { exitCode: 2 });
  const config = loadConfig(configFile(terminal.env));
  const [owner, repo] = config.repository.split('/') as [string, string];
  const context = { client: github(terminal.env, terminal.notify), place: { owner, repo }, config };
  terminal.notify(`Looking at ${config.repository} …\n`);
  const settings = await settingSteps(context, checkout, reviewer);
  const secrets = await secretSteps(context, terminal, renew, check !== true);
  const steps = [...settings, ...secrets];
  const toDo = steps.filter((step) => step.apply !== undefined);
  terminal.write(options.json ? json(steps.map(factOf)) : listOf(config.repository, steps));
  if (check !== true && toDo.length > 0) await applyAll(terminal, toDo, yes === true);
  const left = check === true ? steps : steps.filter((step) => step.apply === undefined);
  if (left.length > 0) throw new CommandFailure(`${left.length} of these are left to do.`);
}

async function settingSteps(context: SetupContext, checkout: string, reviewers: readonly string[]): Promise<Step[]> {
  return [
    ...(await environmentSteps(context, reviewers)),
    ...(await actionsSteps(context)),
    ...(await branchSteps(context)),
    ...ownerSteps(checkout),
  ];
}

function factOf({ what, apply }: Step): { what: string; by: 'setup' | 'you' } {
  return { what, by: apply === undefined ? 'you' : 'setup' };
}

function listOf(repository: string, steps: readonly Step[]): string {
  if (steps.length === 0) return `${repository} is as docs/delivery.md describes it.\n`;
  return lines(steps.map(({ what, apply }) => `${apply === undefined ? '!' : '+'} ${what}`));
}

async function applyAll({ ask, write }: Terminal, steps: readonly Step[], isAgreed: boolean): Promise<void> {
  if (!isAgreed) {
    const answer = await ask?.(`Make these ${steps.length} changes? [y/N] `);
    if (answer === undefined) throw new CommandFailure('Nobody can be asked: give --yes.', { exitCode: 2 });
    if (!/^y/i.test(answer)) throw new CommandFailure('Nothing was changed.');
  }
  for (const { what, apply } of steps) {
    await apply!();
    write(`done: ${what}\n`);
  }
}
