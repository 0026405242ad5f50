/** `forge plan`: what a change of the configuration would do, read before it is done. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { STACKS, type StackName } from '#stacks/stack-names';
import { addToJobSummary, setJobOutput } from '../output/github-job';
import { processTerminal, type Terminal } from '../output/terminal';
import { notReviewed, type Difference } from './check';
import { planComment } from './comment/plan-comment';
import { postComment } from './comment/post-comment';
import { readPlans, requirePlans } from './plan-folder';
import { refuseNewerDeploy } from './newer-deploy';
import { reviewedPlanOf } from './reviewed-run';
import { runPlans } from './run/run-plans';

const PLANS = 'plans';

/** @param terminal the default is the process's own */
export function planCommand(terminal: Terminal = processTerminal()): Command {
  return new Command('plan')
    .description('Plan the stacks, show the plans to people, and hold a deploy to what they saw.')
    .addCommand(runCommand(terminal))
    .addCommand(commentCommand(terminal))
    .addCommand(reviewedCommand(terminal))
    .addCommand(newerCommand(terminal))
    .addCommand(checkCommand(terminal))
    .addHelpText('after', '\nExample:\n  $ npx forge plan run && npx forge plan comment --out -');
}

interface RunOptions {
  readonly out: string;
  readonly errors?: string;
  readonly stack?: readonly StackName[];
  readonly fromCopies?: boolean;
}

function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .summary('plan all stacks')
    .description(
      'Plan all stacks in their order. Nothing is locked or changed, and no value of `secrets:` is needed. A stack whose upstream was\n' +
        'never deployed waits; while the Kubernetes API is closed, what is behind it is planned from the state. When a stack cannot be\n' +
        'planned the others still are, and the exit code is 1.',
    )
    .option('--out <folder>', 'gets the plans as JSON, with their secrets in clear: for you alone', PLANS)
    .option('--errors <folder>', 'gets the log of a stack that cannot be planned (default: errors in the other folder)')
    .option('--from-copies', 'read the copies of the states that hold no secret, made by forge state copy')
    .addOption(new Option('--stack <names...>', 'only these').choices(STACKS))
    .addHelpText('after', '\nExample:\n  $ npx forge plan run && npx forge plan comment --out -')
    .action(async ({ out, errors = join(out, 'errors'), stack, fromCopies = false }: RunOptions) => {
      const failed = await runPlans(terminal, { out, errors, fromCopies, ...(stack && { stacks: stack }) });
      if (failed.length > 0) throw new CommandFailure(`Could not be planned: ${failed.join(', ')}. Why: ${errors}`);
    });
}

interface CommentOptions {
  readonly plans: string;
  readonly errors?: string;
  readonly layers?: string;
  readonly out?: string;
  readonly post?: boolean;
}

function commentCommand(terminal: Terminal): Command {
  return new Command('comment')
    .summary('show the plans to people')
    .description(
      'Write the plans as Markdown, without any secret. With --post: as the one comment on the pull request of this job of GitHub\n' +
        'Actions, which is edited from then on; needs GITHUB_TOKEN with pull-requests: write. In such a job it is also in the summary.',
    )
    .option('--plans <folder>', 'made by forge plan run', PLANS)
    .option('--errors <folder>', 'with the logs of stacks that cannot be planned (default: errors in the other folder)')
    .option('--layers <file>', 'made by forge layers diff --out: the comment says what changes in the cluster, too')
    .option('--out <file>', 'write it there; - for the terminal, which is the default without --post')
    .option('--post', 'comment on the pull request')
    .addHelpText('after', '\nExample:\n  $ npx forge plan comment --out -')
    .action((options: CommentOptions) => comment(terminal, options));
}

async function comment(terminal: Terminal, options: CommentOptions): Promise<void> {
  const { plans, errors = join(plans, 'errors'), layers, post = false, out = post ? undefined : '-' } = options;
  requirePlans(plans, errors);
  const { name, environment } = loadConfig(configFile(terminal.env));
  const markdown = planComment({
    plansFolder: plans,
    errorsFolder: errors,
    name,
    environment,
    ...(layers !== undefined && { layersFile: layers }),
  });
  if (out === '-') terminal.write(markdown);
  else if (out !== undefined) writeFileSync(out, markdown);
  // Before the comment: a job whose comment is refused still shows the plan.
  addToJobSummary(terminal.env, markdown);
  if (post) terminal.notify(`${await postComment(terminal, markdown)}\n`);
}

function reviewedCommand(terminal: Terminal): Command {
  return new Command('reviewed')
    .summary('find the run of the workflow plan whose result was reviewed')
    .description(
      'Find the run of the workflow `plan` for the pull request into main that became the commit which is deployed. Its number, and the\n' +
        'name of its artifact with what people saw, are the outputs run-id and artifact of the job, elsewhere they go to the terminal.\n' +
        'Needs GITHUB_TOKEN with actions: read and pull-requests: read. Exits with 1 when nobody saw a plan.',
    )
    .option('--commit <sha>', 'on the branch that is deployed (default: that of the job)')
    .addHelpText('after', '\nExample:\n  $ npx forge plan reviewed')
    .action(async ({ commit = terminal.env['GITHUB_SHA'] }: { commit?: string }) => {
      if (!commit) throw new CommandFailure('This is no job of GitHub Actions. Name the commit: --commit <sha>');
      const { run, artifact } = await reviewedPlanOf(terminal, commit);
      setJobOutput(terminal, 'run-id', run);
      setJobOutput(terminal, 'artifact', artifact);
    });
}

function newerCommand(terminal: Terminal): Command {
  return new Command('newer')
    .summary('stop a run of the workflow deploy when a newer commit is deployed')
    .description(
      'In a job of the workflow `deploy`: stop when a later run of it began to deploy another commit. Then this one waited for too long,\n' +
        'or is run again. Needs GITHUB_TOKEN with actions: read. Exits with 1 when there is one.',
    )
    .addHelpText('after', '\nExample:\n  $ npx forge plan newer')
    .action(async () => {
      await refuseNewerDeploy(terminal);
      terminal.write('No newer commit is deployed.\n');
    });
}

interface CheckOptions {
  readonly reviewed: string;
  readonly plans: string;
}

function checkCommand(terminal: Terminal): Command {
  return new Command('check')
    .summary('compare the plans with those that were reviewed')
    .description(
      'Compare new plans with the reviewed ones: addresses, actions, what is adopted or moved, outputs, checks that fail, and whether the\n' +
        'plan is complete. Values are not compared. Exits with 1 when something would be done that nobody\n' +
        'reviewed. A reviewed change that is not planned any more has happened in the meantime, and is no difference.',
    )
    .requiredOption('--reviewed <file>', 'reviewed.json of the reviewed run, or its folder')
    .option('--plans <folder>', 'the new plans', PLANS)
    .addHelpText(
      'after',
      '\nExample:\n  $ npx forge plan run && npx forge plan check --reviewed reviewed/reviewed.json',
    )
    .action(({ reviewed, plans }: CheckOptions) => {
      const differences = notReviewed(readPlans(reviewed), readPlans(plans));
      if (differences.length > 0) throw new CommandFailure(inWords(differences));
      terminal.write('Every planned change was reviewed.\n');
    });
}

function inWords(differences: readonly Difference[]): string {
  const lines = differences.map(({ stack, reason }) => `  ${stack}: ${reason}`);
  return [
    'What is planned now was not reviewed:',
    ...lines,
    'Something changed since the review. Plan again in a pull request and have it reviewed, or start a deploy by hand.',
  ].join('\n');
}
