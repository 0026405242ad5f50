/** `forge drift`: tells people when something was changed past Git. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { STACKS } from '#stacks/stack-names';
import { planComment } from '../plan/comment/plan-comment';
import { readMeta, readPlans, requirePlans } from '../plan/plan-folder';
import { isUnchanged } from '../plan/reviewed';
import { addToJobSummary } from '../output/github-job';
import { processTerminal, type Terminal } from '../output/terminal';
import { reportDrift } from './report';

/** @param terminal the default is the process's own */
export function driftCommand(terminal: Terminal = processTerminal()): Command {
  return new Command('drift')
    .description('Tell people when the cloud, the cluster or GitHub is not as configured.')
    .addCommand(reportCommand(terminal))
    .addHelpText('after', '\nExample:\n  $ npx forge plan run; npx forge drift report');
}

interface Options {
  readonly plans: string;
  readonly errors?: string;
}

function reportCommand(terminal: Terminal): Command {
  return new Command('report')
    .summary('keep the issue about drift up to date')
    .description(
      'Tell what plans of the deployed configuration would change, or why they cannot be made: in one issue of the repository with\n' +
        'the label forge-drift, which opens, changes and closes by itself. For jobs of GitHub Actions; needs GITHUB_TOKEN with issues:\n' +
        'write. While the Kubernetes API is closed nobody knows that all is well: then the issue is not closed.',
    )
    .option('--plans <folder>', 'made by forge plan run', 'plans')
    .option('--errors <folder>', 'with the logs of stacks that cannot be planned (default: errors in the other folder)')
    .addHelpText('after', '\nExample:\n  $ npx forge plan run; npx forge drift report')
    .action((options: Options) => report(terminal, options));
}

async function report(terminal: Terminal, { plans, errors = join(plans, 'errors') }: Options): Promise<void> {
  requirePlans(plans, errors);
  const { name, environment } = loadConfig(configFile(terminal.env));
  const markdown = planComment({ plansFolder: plans, errorsFolder: errors, name, environment });
  addToJobSummary(terminal.env, markdown);
  const differs = hasDifference(plans, errors);
  if (!differs && isHalfBlind(plans)) {
    terminal.write('No difference found, but what is behind the closed Kubernetes API was not looked at.\n');
    return;
  }
  const done = await reportDrift(terminal, {
    marker: `<!-- forge-drift ${name}/${environment} -->`,
    title: `${name} ${environment} is not as configured`,
    body: differs ? markdown : undefined,
  });
  terminal.write(`${done}\n`);
}

/** A stack that cannot be planned may hide one. */
function hasDifference(plans: string, errors: string): boolean {
  const { stacks } = readPlans(plans);
  const isChanged = Object.values(stacks).some((stack) => !isUnchanged(stack));
  return isChanged || STACKS.some((stack) => existsSync(join(errors, `${stack}.log`)));
}

function isHalfBlind(plans: string): boolean {
  return STACKS.some((stack) => {
    const meta = readMeta(plans, stack);
    return meta?.refreshed === false && meta.waitingFor === undefined;
  });
}
