/**
 * Runs a workflow's own commands on this machine: jobs in the order of `needs`, their `run:` steps with exactly the
 * environment that the file gives them, actions replaced (actions.ts). What it cannot know it refuses.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actionFor } from './actions';
import { commandFiles } from './command-files';
import { interpolate, isMet, type Surroundings, type Value } from './expression';
import { runScript } from './step-process';
import { calledWorkflow, needsOf, type Env, type Job, type Step, type Workflow } from './workflow-file';

export interface RunOptions {
  /** The checkout, in which every step runs. */
  readonly workspace: string;
  /** What the machine has: PATH, HOME, addresses of the services. No secret: those come by name. */
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Secrets of GitHub's environments, for the jobs that name them. */
  readonly environments?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The workflow that a job calls; the default is the file of this repository. */
  readonly called?: (uses: string) => Workflow;
  readonly vars?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event: { readonly name: string; readonly payload?: Readonly<Record<string, Value>> };
  /** More of the `github` context: `token`, `repository`, `sha`, `ref`. */
  readonly github?: Readonly<Record<string, string>>;
  /** Folder of all artifacts, one folder each; shared by several runs. */
  readonly artifacts: string;
}

export type Result = 'success' | 'failure' | 'skipped';

export interface StepReport {
  /** Name, command or action. */
  readonly title: string;
  readonly result: Result;
  readonly output: string;
  /** Names of secrets whose values the step printed: GitHub masks them only in the log, and only as they stand. */
  readonly printedSecrets: readonly string[];
}

export interface JobReport {
  readonly result: Result;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepReport[];
  readonly summary: string;
}

export interface RunReport {
  readonly result: 'success' | 'failure';
  /** By job, in the order in which they ran; those of a called workflow as `caller / called`, before the one that calls. */
  readonly jobs: Readonly<Record<string, JobReport>>;
}

interface Run {
  readonly workflow: Workflow;
  readonly options: RunOptions;
  readonly temporary: string;
  readonly github: Readonly<Record<string, Value>>;
}

export async function runWorkflow(workflow: Workflow, options: RunOptions): Promise<RunReport> {
  const temporary = mkdtempSync(join(tmpdir(), 'forge-workflow-'));
  try {
    const payload = options.event.payload ?? {};
    writeFileSync(join(temporary, 'event.json'), JSON.stringify(payload), { mode: 0o600 });
    const github = { ...options.github, event_name: options.event.name, event: payload, workspace: options.workspace };
    return await runJobs({ workflow, options, temporary, github });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function runJobs(run: Run): Promise<RunReport> {
  const jobs: Record<string, JobReport> = {};
  for (const id of orderOf(run.workflow)) {
    const job = run.workflow.jobs[id]!;
    const { called, ...report } = await runJob(run, job, jobs);
    for (const [inner, one] of Object.entries(called ?? {})) jobs[`${id} / ${inner}`] = one;
    jobs[id] = report;
  }
  const failed = Object.values(jobs).some(({ result }) => result === 'failure');
  return { result: failed ? 'failure' : 'success', jobs };
}

/** Throws when jobs need each other, or one that is not there. */
function orderOf({ jobs }: Workflow): string[] {
  const order: string[] = [];
  const visit = (id: string, path: readonly string[]) => {
    const job = jobs[id];
    if (job === undefined) throw new Error(`The job ${path.at(-1)} needs ${id}, which is not there.`);
    if (path.includes(id)) throw new Error(`Jobs need each other: ${[...path, id].join(' -> ')}`);
    for (const needed of needsOf(job)) visit(needed, [...path, id]);
    if (!order.includes(id)) order.push(id);
  };
  for (const id of Object.keys(jobs)) visit(id, []);
  return order;
}

interface JobState {
  failed: boolean;
  /** From GITHUB_ENV. */
  env: Record<string, string>;
  readonly steps: Record<string, Value>;
  /** Values that a step had GitHub hide. */
  readonly masked: Set<string>;
}

type Jobs = Readonly<Record<string, JobReport>>;

async function runJob(run: Run, job: Job, earlier: Jobs): Promise<JobReport & { readonly called?: Jobs }> {
  const needed = needsOf(job).map((id) => [id, earlier[id]!] as const);
  const needs = Object.fromEntries(needed.map(([id, { result, outputs }]) => [id, { result, outputs }]));
  const base = { ...fixedContexts(run, job), needs };
  const blocked = needed.some(([, { result }]) => result !== 'success');
  if (!isMet(job.if, { contexts: base, failed: blocked })) {
    return { result: 'skipped', outputs: {}, steps: [], summary: '' };
  }
  if (job.uses !== undefined) return callWorkflow(run, job, base);
  const state: JobState = { failed: false, env: {}, steps: {}, masked: new Set() };
  const steps: StepReport[] = [];
  let summary = '';
  for (const step of job.steps) {
    const surroundings = surroundingsOf(run, job, step, state, base);
    const report = await runStep(run, job, step, state, surroundings);
    steps.push(report);
    summary += report.summary;
  }
  const surroundings = { contexts: { ...base, steps: state.steps }, failed: state.failed };
  const outputs = Object.entries(job.outputs ?? {}).map(([name, text]) => [name, interpolate(text, surroundings)]);
  return {
    result: state.failed ? 'failure' : 'success',
    outputs: Object.fromEntries(outputs) as Record<string, string>,
    steps,
    summary,
  };
}

/** Without `secrets: inherit` the called jobs get none, not even those of their environment: actions/runner, issue 4453. */
async function callWorkflow(run: Run, job: Job, contexts: Readonly<Record<string, Value>>) {
  const { called = calledWorkflow, ...options } = run.options;
  const inputs = textsOf(job.with, { contexts, failed: false });
  const given = job.secrets === 'inherit' ? {} : { secrets: {}, environments: {} };
  const workflow = { ...called(job.uses!), name: run.workflow.name };
  const { result, jobs } = await runJobs({ ...run, workflow, options: { ...options, called, inputs, ...given } });
  return { result, outputs: {}, steps: [], summary: '', called: jobs };
}

function secretsOf({ secrets, environments = {} }: RunOptions, { environment = '' }: Job): Record<string, string> {
  return { ...secrets, ...environments[environment] };
}

function fixedContexts({ options, github }: Run, job: Job): Record<string, Value> {
  const { vars = {}, inputs = {} } = options;
  const token = options.github?.['token'];
  const secrets = { ...secretsOf(options, job), ...(token !== undefined && { GITHUB_TOKEN: token }) };
  return { github, vars, inputs, secrets };
}

function surroundingsOf(
  { workflow }: Run,
  job: Job,
  step: Step,
  state: JobState,
  base: Readonly<Record<string, Value>>,
): Surroundings {
  const contexts: Record<string, Value> = { ...base, steps: state.steps, job: { status: statusOf(state) } };
  const env: Record<string, string> = {};
  for (const level of [workflow.env, job.env, state.env, step.env]) {
    Object.assign(env, textsOf(level, { contexts: { ...contexts, env: { ...env } }, failed: state.failed }));
  }
  return { contexts: { ...contexts, env }, failed: state.failed };
}

function statusOf({ failed }: JobState): string {
  return failed ? 'failure' : 'success';
}

function textsOf(values: Env | undefined, surroundings: Surroundings): Record<string, string> {
  const entries = Object.entries(values ?? {}).map(([name, value]) => [name, interpolate(String(value), surroundings)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

async function runStep(
  run: Run,
  job: Job,
  step: Step,
  state: JobState,
  surroundings: Surroundings,
): Promise<StepReport & { summary: string }> {
  const title = step.name ?? step.run ?? step.uses ?? '';
  if (!isMet(step.if, surroundings)) {
    note(state, step, 'skipped', {});
    return { title, result: 'skipped', output: '', printedSecrets: [], summary: '' };
  }
  const files = commandFiles(run.temporary);
  const performed = await perform(run, job, step, surroundings, files.env);
  const { code } = performed;
  const output = withoutMasks(performed.output, state.masked);
  const written = files.read();
  Object.assign(state.env, written.env);
  const result = code === 0 ? 'success' : 'failure';
  if (result === 'failure' && step['continue-on-error'] !== true) state.failed = true;
  note(state, step, result, written.outputs);
  const masked = Object.fromEntries([...state.masked].map((value, index) => [`masked value ${index}`, value]));
  const printedSecrets = secretsIn(output, { ...secretsOf(run.options, job), ...masked });
  return { title, result, output, printedSecrets, summary: written.summary };
}

/** Notes what GitHub is to hide. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
function withoutMasks(output: string, masked: Set<string>): string {
  return output.replaceAll(/^::add-mask::(.*)\n/gm, (_, value: string) => {
    masked.add(value.replaceAll('%25', '%'));
    return '';
  });
}

function note(state: JobState, { id }: Step, outcome: Result, outputs: Record<string, string>): void {
  if (id !== undefined) state.steps[id] = { outcome, outputs };
}

async function perform(
  run: Run,
  job: Job,
  step: Step,
  surroundings: Surroundings,
  files: Readonly<Record<string, string>>,
): Promise<{ code: number; output: string }> {
  const { options, temporary } = run;
  if (step.uses !== undefined) {
    const action = actionFor(step.uses);
    try {
      return { code: 0, output: action({ ...options, inputs: textsOf(step.with, surroundings) }) };
    } catch (error) {
      return { code: 1, output: (error as Error).message };
    }
  }
  const minutes = step['timeout-minutes'] ?? job['timeout-minutes'] ?? 360;
  return runScript({
    script: interpolate(step.run ?? '', surroundings),
    shell: step.shell,
    folder: options.workspace,
    env: {
      ...options.env,
      ...defaultVariables(run),
      ...files,
      ...(surroundings.contexts['env'] as Record<string, string>),
    },
    temporary,
    limitMs: minutes * 60_000,
  });
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
function defaultVariables({ options, temporary, workflow }: Run): Record<string, string> {
  const { github = {}, event, workspace } = options;
  const fromContext = [
    'repository',
    'sha',
    'ref',
    'actor',
    'run_id',
    'run_number',
    'server_url',
    'head_ref',
    'base_ref',
  ];
  return {
    ...Object.fromEntries(
      fromContext.flatMap((name) => {
        const value = github[name];
        return value === undefined ? [] : [[`GITHUB_${name.toUpperCase()}`, value]];
      }),
    ),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKFLOW: workflow.name,
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: join(temporary, 'event.json'),
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary,
  };
}

function secretsIn(output: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, value]) => (value !== '' && output.includes(value) ? [name] : []));
}
