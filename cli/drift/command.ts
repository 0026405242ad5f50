/** `forge drift`: tells people what was changed past Git, and what else is not as it should be. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { STACKS } from '#stacks/stack-names';
import { planComment } from '../plan/comment/plan-comment';
import { REVIEWED_FILE, readPlans } from '../plan/plan-folder';
import { isUnchanged } from '../plan/reviewed';
import { addToJobSummary } from '../output/github-job';
import { codeSpan } from '../output/markdown';
import { lines as linesOf } from '../output/text';
import { processTerminal, type Terminal } from '../output/terminal';
import { look, readFindings, type LookOptions } from './look';
import { reportDrift } from './report';

const PLANS = 'plans';
const LONGEST_LINE = 500;

/**
 * @param terminal the default is the process's own
 * @param plan the default plans with this checkout
 */
export function driftCommand(terminal: Terminal = processTerminal(), plan?: LookOptions['plan']): Command {
  return new Command('drift')
    .description('Tell people when the cloud, the cluster or GitHub is not as configured, or not well.')
    .addCommand(lookCommand(terminal, plan))
    .addCommand(reportCommand(terminal))
    .addHelpText('after', '\nExample:\n  $ npx forge drift look; npx forge drift report');
}

interface Options {
  readonly plans: string;
  readonly errors?: string;
}

function lookCommand(terminal: Terminal, plan: LookOptions['plan']): Command {
  return new Command('look')
    .summary('plan, and ask how everything is')
    .description(
      'Plan the stacks as forge plan run does, read what forge status reads, and keep both for the report. What does not answer is\n' +
        'part of what is found. Before the first deploy and after the end there is nothing to look at, and that is well.',
    )
    .option('--plans <folder>', 'gets the plans, with their secrets in clear: for you alone', PLANS)
    .option('--errors <folder>', 'gets the log of a stack that cannot be planned (default: errors in the other folder)')
    .addHelpText('after', '\nExample:\n  $ npx forge access run -- npx forge drift look')
    .action(async ({ plans, errors = join(plans, 'errors') }: Options) => {
      const { isDeployed, lines } = await look(terminal, { out: plans, errors, ...(plan && { plan }) });
      if (!isDeployed) terminal.write('Nothing is deployed.\n');
      else terminal.write(linesOf(lines.length === 0 ? ['Nothing else was found.'] : lines));
    });
}

function reportCommand(terminal: Terminal): Command {
  return new Command('report')
    .summary('keep the issue about it up to date')
    .description(
      'Tell what a look found: what plans of the deployed configuration would change, or why they cannot be made, what is not healthy,\n' +
        'late or about to end. In one issue of the repository with the label forge-drift, which opens, changes and closes by itself.\n' +
        'For jobs of GitHub Actions; needs GITHUB_TOKEN with issues: write.',
    )
    .option('--plans <folder>', 'made by forge drift look', PLANS)
    .option('--errors <folder>', 'with the logs of stacks that cannot be planned (default: errors in the other folder)')
    .addHelpText('after', '\nExample:\n  $ npx forge drift look; npx forge drift report')
    .action((options: Options) => report(terminal, options));
}

async function report(terminal: Terminal, { plans, errors = join(plans, 'errors') }: Options): Promise<void> {
  const { lines } = readFindings(plans);
  const { name, environment } = loadConfig(configFile(terminal.env));
  const isPlanned = existsSync(join(plans, REVIEWED_FILE));
  const markdown = isPlanned ? planComment({ plansFolder: plans, errorsFolder: errors, name, environment }) : '';
  const found = lines.map((line) => `- ${codeSpan(line, LONGEST_LINE)}`).join('\n');
  addToJobSummary(terminal.env, [found, markdown].filter((part) => part !== '').join('\n\n'));
  const differs = isPlanned && hasDifference(plans, errors);
  const body = [found, differs ? markdown : ''].filter((part) => part !== '').join('\n\n');
  const done = await reportDrift(terminal, {
    marker: `<!-- forge-drift ${name}/${environment} -->`,
    title: `${name} ${environment} is not ${differs ? 'as configured' : 'well'}`,
    body: body === '' ? undefined : body,
  });
  terminal.write(`${done}\n`);
}

/** A stack that cannot be planned may hide one. */
function hasDifference(plans: string, errors: string): boolean {
  const { stacks } = readPlans(plans);
  const isChanged = Object.values(stacks).some((stack) => !isUnchanged(stack));
  return isChanged || STACKS.some((stack) => existsSync(join(errors, `${stack}.log`)));
}
