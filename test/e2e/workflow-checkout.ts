/** Where the workflows of a test run: a copy of this checkout, a machine without secrets, and GitHub's answers about runs. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { GITHUB_ENVIRONMENTS, type GithubEnvironment } from '#config/delivery-access';
import { secretVariables } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import { FIRST_CHANGE } from '#cli/plan/newer-deploy';
import { askDaemon } from '#sandbox/daemon/control';
import { runWorkflow, type RunOptions, type RunReport } from '../workflows/runner';
import { allJobs, CHECKOUT, readWorkflow, type Workflow } from '../workflows/workflow-file';
import type { TestSandbox } from './harness';

/** Neither sources nor small. */
const NOT_COPIED = ['.git', '.forge', 'node_modules', 'cdktf.out', 'coverage'];
const RUN_ID = 4711;
const NEWER_RUN = 4712;

/** A merged pull request, by the commits that GitHub names. */
export interface Merged {
  readonly number: number;
  readonly head: string;
  readonly commit: string;
}

export interface WorkflowRun extends Pick<RunOptions, 'event' | 'inputs'> {
  /** Instead of all jobs. */
  readonly job?: string;
}

export interface WorkflowCheckout {
  readonly workspace: string;
  /** Folder of an artifact. */
  artifact(name: string): string;
  /** Runs .github/workflows/<name>.yml with the secrets of its environment. */
  run(name: string, options: WorkflowRun): Promise<RunReport>;
  /** Secrets of an environment, by name: what somebody who set it up by docs/delivery.md has entered. */
  secretsOf(environment: GithubEnvironment): Promise<Record<string, string>>;
  /** A later run of `deploy` deployed this commit. */
  deployNewer(commit: string): void;
  /** Artifacts of earlier runs are gone, as each run has its own; `plan-7` stays for the deploy that looks for it. */
  forget(name: string): void;
  close(): Promise<void>;
}

export async function workflowCheckout(test: TestSandbox, merged: Merged): Promise<WorkflowCheckout> {
  const { sandbox } = test;
  const { env, config } = sandbox;
  const folder = mkdtempSync(join(test.folder, 'workflows-'));
  const [workspace, artifacts] = [join(folder, 'forge'), join(folder, 'artifacts')];
  copyCheckout(workspace);
  const github = await githubWithRuns(env['GITHUB_API_URL']!, config.repository, merged);
  const made = new Map<GithubEnvironment, Promise<Record<string, string>>>();
  const secretsOf = (environment: GithubEnvironment) => {
    if (!made.has(environment)) made.set(environment, makeSecrets(test, environment));
    return made.get(environment)!;
  };
  const machine = Object.fromEntries(Object.entries(env).filter(([name]) => !isSecret(name, config)));
  return {
    workspace,
    artifact: (name) => join(artifacts, name),
    secretsOf,
    run: async (name, { job, ...options }) => {
      const workflow = workflowOf(name, job);
      const environments = await Promise.all(
        environmentsOf(workflow).map(async (environment) => [environment, await secretsOf(environment)] as const),
      );
      return runWorkflow(workflow, {
        workspace,
        artifacts,
        secrets: {},
        environments: Object.fromEntries(environments),
        env: { ...ofThisMachine(), ...machine, GITHUB_API_URL: github.url },
        github: {
          token: await askDaemon<string>(sandbox.folder.controlSocket, `/make-job-token/${permissionsOf(workflow)}`),
          repository: config.repository,
          sha: merged.commit,
          ref: 'refs/heads/main',
          run_id: '1',
          run_number: '1',
        },
        ...options,
      });
    },
    forget: (name) => rmSync(join(artifacts, name), { recursive: true, force: true }),
    deployNewer: (commit) => github.deployNewer(commit),
    close: () => github.close(),
  };
}

function workflowOf(name: string, job: string | undefined): Workflow {
  const workflow = readWorkflow(name);
  return job === undefined ? workflow : { ...workflow, jobs: { [job]: workflow.jobs[job]! } };
}

/** Those that hold secrets: the one that asks for an approval has none. */
function environmentsOf(workflow: Workflow): GithubEnvironment[] {
  const names = new Set(allJobs(workflow).map(({ environment }) => environment));
  return GITHUB_ENVIRONMENTS.filter((name) => names.has(name));
}

/** Of GitHub's own token: what the jobs ask for, together. */
function permissionsOf(workflow: Workflow): string {
  const asked = allJobs(workflow).flatMap(({ permissions = {} }) => Object.entries(permissions));
  return [...new Set(asked.map(([name, access]) => `${name}:${access}`))].join();
}

async function makeSecrets(
  { sandbox: { env, config, folder } }: TestSandbox,
  environment: GithubEnvironment,
): Promise<Record<string, string>> {
  const made = await askDaemon<Record<string, string>>(folder.controlSocket, `/make-credentials/${environment}`);
  if (environment !== 'production') return made;
  return { ...made, ...Object.fromEntries(secretVariables(config).map((name) => [name, env[name]!])) };
}

function isSecret(variable: string, config: ForgeConfig): boolean {
  return /_TOKEN$|^SPACES_(ACCESS|SECRET)/.test(variable) || secretVariables(config).includes(variable);
}

function ofThisMachine(): Record<string, string> {
  const names = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function copyCheckout(workspace: string): void {
  mkdirSync(workspace);
  for (const entry of readdirSync(CHECKOUT)) {
    if (!NOT_COPIED.includes(entry)) cpSync(join(CHECKOUT, entry), join(workspace, entry), { recursive: true });
  }
  symlinkSync(join(CHECKOUT, 'node_modules'), join(workspace, 'node_modules'));
  commitAll(workspace);
}

/** As actions/checkout leaves it; main is where the pull request left it. */
function commitAll(workspace: string): void {
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: workspace, stdio: 'pipe' });
  git('init', '-qb', 'main');
  git('add', '--all');
  git('-c', 'user.name=one', '-c', 'user.email=one@example.org', 'commit', '-qm', 'checkout');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
}

/** The emulated GitHub has no runs of workflows: the questions about them are answered here, all others there. */
async function githubWithRuns(
  emulated: string,
  repository: string,
  { number, head, commit }: Merged,
): Promise<{ url: string; deployNewer(commit: string): void; close(): Promise<void> }> {
  const newer: object[] = [];
  const base = `/repos/${repository}`;
  const pull = { number, merged_at: '2026-11-23T08:00:00Z', merge_commit_sha: commit, base: { ref: 'main' } };
  const answers: Record<string, unknown> = {
    [`${base}/commits/${commit}/pulls`]: [
      { ...pull, head: { sha: head, ref: 'bigger', repo: { full_name: repository } } },
    ],
    [`${base}/actions/workflows/plan.yml/runs`]: { workflow_runs: [{ id: RUN_ID, run_number: 1 }] },
    [`${base}/actions/runs/${RUN_ID}/artifacts`]: { artifacts: [{ name: `plan-${number}`, expired: false }] },
    [`${base}/actions/workflows/deploy.yml/runs`]: { total_count: newer.length, workflow_runs: newer },
    [`${base}/actions/runs/${NEWER_RUN}/jobs`]: {
      total_count: 1,
      jobs: [{ steps: [{ name: FIRST_CHANGE, conclusion: 'success' }] }],
    },
  };
  const server = createServer((request, response) => {
    const answer = answers[new URL(request.url!, emulated).pathname];
    if (answer !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      return;
    }
    forward(emulated, request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    deployNewer: (sha) => {
      newer.splice(0, newer.length, { id: NEWER_RUN, run_number: NEWER_RUN, head_sha: sha, html_url: 'the newer run' });
    },
    close: () => closed(server),
  };
}

async function forward(
  emulated: string,
  request: IncomingMessage,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  const content = await buffer(request);
  const headers = without(request.headers as Record<string, string>, ['host', 'connection', 'content-length']);
  const body = content.length > 0 ? { body: content } : {};
  const answer = await fetch(new URL(request.url!, emulated), { method: request.method!, headers, ...body });
  return {
    status: answer.status,
    headers: without(Object.fromEntries(answer.headers), ['content-encoding', 'content-length', 'transfer-encoding']),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

function without(headers: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
