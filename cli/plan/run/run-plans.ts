/** Plans the stacks in their order, for the comment, for the drift report, and for the check before a deploy. */
import { join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { configFile, secretVariables } from '#config/environment';
import { loadConfig } from '#config/load';
import { refuseTerraformSettings } from '#config/terraform-settings';
import { IN_CLUSTER, STACKS, type StackName } from '#stacks/stack-names';
import { removeSecretFiles } from '#stacks/credential-files';
import { OWN_CDKTF, outputFolder, synthesise } from '../synth';
import type { Terminal } from '#cli/output/terminal';
import { machinesWithNewTokens } from '../new-join-tokens';
import { parsePlan } from '../plan-file';
import { emptyPlanFolder, REVIEWED_FILE, withWorkFolder, writePrivate, type PlanMeta } from '../plan-folder';
import { isUnchanged, reviewedStackOf, type ReviewedPlans, type ReviewedStack } from '../reviewed';
import { tooManyServers } from '../servers-made-anew';
import { isApiOpen } from './api-open';
import { planStack } from './plan-stack';
import { readFrom, stateSource, synthEnvironment } from './state-source';
import { missingUpstream, publishedOutputs, type PublishedOutputs } from './upstream';

export interface RunPlansOptions {
  /** Gets `<stack>.json`, `<stack>.meta.json` and `reviewed.json`. */
  readonly out: string;
  /** Gets `<stack>.log` of each stack that could not be planned. */
  readonly errors: string;
  /** The default is all of them. */
  readonly stacks?: readonly StackName[];
  /** Read the copies of the states that hold no secret, for whom the states are closed. */
  readonly fromCopies?: boolean;
}

/** What the plans of one run have in common. */
interface Run extends RunPlansOptions {
  readonly terminal: Terminal;
  readonly folderOf: (stack: StackName) => string;
  readonly published: PublishedOutputs;
  readonly isOpen: boolean;
}

/** Variables that let a stack be planned without the API. */
export const WITHOUT_API: Partial<Record<StackName, Record<string, string>>> = { cluster: { wait_for_api: 'false' } };

/**
 * @returns the stacks that could not be planned
 * @throws an error with an exitCode when no plan can be made: no configuration, no state to be reached
 */
export async function runPlans(terminal: Terminal, options: RunPlansOptions): Promise<StackName[]> {
  const { stacks = STACKS, out, errors, fromCopies = false } = options;
  refuseMergeQueue(terminal.env);
  const config = loadConfig(configFile(terminal.env));
  refuseTerraformSettings(terminal.env, secretVariables(config));
  for (const folder of [out, errors]) emptyPlanFolder(folder);
  terminal.notify('Synthesising the stacks\n');
  const env = synthEnvironment(terminal.env, fromCopies);
  const synthesised = await synthesise(env);
  if ('failure' in synthesised) {
    for (const stack of stacks) writePrivate(errors, `${stack}.log`, synthesised.failure);
    writePrivate(out, REVIEWED_FILE, { stacks: {} } satisfies ReviewedPlans);
    return [...stacks];
  }
  try {
    const source = stateSource(config, terminal.env, fromCopies);
    const published = await publishedOutputs(terminal, config, source);
    const isOpen = !source.isCopy && (await isApiOpen(terminal, published));
    if (source.isCopy) for (const stack of STACKS) readFrom(source, synthesised.folderOf(stack));
    return await planAll(stacks, { ...options, ...synthesised, terminal, published, isOpen });
  } finally {
    removeSecretFiles(outputFolder(env, OWN_CDKTF));
  }
}

/** A deploy compares with the plan of one pull request; what a queue merges is another commit, of several perhaps. */
function refuseMergeQueue({ GITHUB_EVENT_NAME }: NodeJS.ProcessEnv): void {
  if (GITHUB_EVENT_NAME !== 'merge_group') return;
  throw new CommandFailure(
    'A merge queue cannot be used here: a deploy does what was reviewed in one pull request, and a queue merges something else. Merge it without the queue (docs/delivery.md, "First deploy").',
  );
}

async function planAll(stacks: readonly StackName[], run: Run): Promise<StackName[]> {
  const failed: StackName[] = [];
  const reviewed: ReviewedPlans['stacks'] = {};
  for (const stack of STACKS.filter((one) => stacks.includes(one))) {
    const plan = await planOne(stack, run);
    if (plan === undefined) failed.push(stack);
    else reviewed[stack] = plan;
  }
  writePrivate(run.out, REVIEWED_FILE, { stacks: reviewed } satisfies ReviewedPlans);
  return failed;
}

/** Undefined when it could not be made. */
async function planOne(stack: StackName, run: Run): Promise<ReviewedStack | undefined> {
  const { terminal, folderOf, published, isOpen, out, errors } = run;
  const say = (text: string) => terminal.notify(`${stack}: ${text}\n`);
  const refreshed = isOpen || !IN_CLUSTER.includes(stack);
  const waitingFor = missingUpstream(folderOf(stack), published);
  writePrivate(out, `${stack}.meta.json`, { refreshed, ...(waitingFor && { waitingFor }) } satisfies PlanMeta);
  if (waitingFor !== undefined) {
    say(`waits for ${waitingFor} to be deployed`);
    return { waitingFor, changes: [] };
  }
  if (!refreshed) say('the Kubernetes API is closed, so it is planned from the state');
  const plan = await withWorkFolder(out, (privateFolder) =>
    planStack({
      folder: folderOf(stack),
      privateFolder,
      env: terminal.env,
      refresh: refreshed,
      variables: (refreshed ? undefined : WITHOUT_API[stack]) ?? {},
      progress: say,
    }),
  );
  const fail = (why: string): undefined => {
    writePrivate(errors, `${stack}.log`, why);
    say(`cannot be planned, see ${join(errors, `${stack}.log`)}`);
  };
  if ('failure' in plan) return fail(plan.failure);
  const parsed = parsePlan(plan.json, join(out, `${stack}.json`));
  const refused = tooManyServers(parsed) ?? machinesWithNewTokens(parsed);
  if (refused !== undefined) return fail(refused);
  writePrivate(out, `${stack}.json`, plan.json);
  const planned = reviewedStackOf(parsed);
  say(summaryOf(planned));
  return planned;
}

function summaryOf(planned: ReviewedStack): string {
  const { changes, outputs = {}, failing = [], unfinished } = planned;
  if (isUnchanged(planned)) return 'no change';
  return [
    `changes: ${changes.length}`,
    ...(changes.length === 0 && Object.keys(outputs).length > 0 ? [`outputs: ${Object.keys(outputs).length}`] : []),
    ...(failing.length > 0 ? [`checks that fail: ${failing.join(', ')}`] : []),
    ...(unfinished === undefined ? [] : ['the plan is not complete']),
  ].join('; ');
}
