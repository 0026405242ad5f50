/** A workflow as its file says it, without what GitHub alone reads. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';

export const CHECKOUT = join(__dirname, '../..');
export const WORKFLOWS = join(CHECKOUT, '.github/workflows');

export type Env = Readonly<Record<string, string | number | boolean>>;

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string | boolean;
  readonly run?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly with?: Env;
  readonly env?: Env;
  readonly 'continue-on-error'?: boolean;
  readonly 'timeout-minutes'?: number;
}

export interface Concurrency {
  readonly group: string;
  readonly 'cancel-in-progress': boolean | string;
}

export interface Job {
  readonly name?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string | boolean;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly 'timeout-minutes'?: number;
  readonly 'runs-on'?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly env?: Env;
  readonly outputs?: Readonly<Record<string, string>>;
  /** None in a job that calls another workflow. */
  readonly steps: readonly Step[];
  /** The workflow that it calls, such as `./.github/workflows/stacks.yml`. */
  readonly uses?: string;
  readonly with?: Env;
  readonly secrets?: string;
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, any>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly env?: Env;
  readonly jobs: Readonly<Record<string, Job>>;
}

export const WORKFLOW_NAMES = readdirSync(WORKFLOWS).map((file) => file.replace(/\.yml$/, ''));

/** `deploy` is .github/workflows/deploy.yml */
export function workflowText(name: string): string {
  return readFileSync(join(WORKFLOWS, `${name}.yml`), 'utf8');
}

export function readWorkflow(name: string): Workflow {
  const workflow = parse(workflowText(name)) as Workflow;
  const jobs = Object.entries(workflow.jobs).map(([id, job]) => [id, { ...job, steps: job.steps ?? [] }]);
  return { ...workflow, jobs: Object.fromEntries(jobs) as Workflow['jobs'] };
}

/** The workflow of this repository that a job calls. */
export function calledWorkflow(uses: string): Workflow {
  return readWorkflow(basename(uses, '.yml'));
}

/** Jobs of a workflow, and of those that they call. */
export function allJobs({ jobs }: Workflow): Job[] {
  return Object.values(jobs).flatMap((job) => [job, ...(job.uses ? allJobs(calledWorkflow(job.uses)) : [])]);
}

export function needsOf({ needs = [] }: Job): readonly string[] {
  return typeof needs === 'string' ? [needs] : needs;
}
