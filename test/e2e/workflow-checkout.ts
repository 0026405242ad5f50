/** Where the workflows of a test run: a copy of this checkout, a machine without secrets, and GitHub's answers about runs. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runWorkflow, type RunOptions, type RunReport } from '../workflows/runner';
import { CHECKOUT, readWorkflow, type Workflow } from '../workflows/workflow-file';
import type { TestSandbox } from './harness';

/** Neither sources nor small. */
const NOT_COPIED = ['.git', '.forge', 'node_modules', 'cdktf.out', 'coverage'];
const RUN_ID = 4711;

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
  /** Runs .github/workflows/<name>.yml with the sandbox's secrets. */
  run(name: string, options: WorkflowRun): Promise<RunReport>;
  /** Artifacts of earlier runs are gone, as each run has its own; `plan` stays for the deploy that looks for it. */
  forget(name: string): void;
  close(): Promise<void>;
}

export async function workflowCheckout(test: TestSandbox, merged: Merged): Promise<WorkflowCheckout> {
  const { env, config } = test.sandbox;
  const folder = mkdtempSync(join(test.folder, 'workflows-'));
  const [workspace, artifacts] = [join(folder, 'forge'), join(folder, 'artifacts')];
  copyCheckout(workspace);
  const github = await githubWithRuns(env['GITHUB_API_URL']!, config.repository, merged);
  const secrets = secretsOf(test);
  const machine = Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== 'GITHUB_TOKEN' && !(name in secrets)),
  );
  return {
    workspace,
    artifact: (name) => join(artifacts, name),
    run: (name, { job, ...options }) =>
      runWorkflow(workflowOf(name, job), {
        workspace,
        artifacts,
        secrets,
        env: { ...ofThisMachine(), ...machine, GITHUB_API_URL: github.url },
        github: {
          token: secrets['FORGE_GITHUB_TOKEN']!,
          repository: config.repository,
          sha: merged.commit,
          run_id: '1',
        },
        ...options,
      }),
    forget: (name) => rmSync(join(artifacts, name), { recursive: true, force: true }),
    close: () => github.close(),
  };
}

function workflowOf(name: string, job: string | undefined): Workflow {
  const workflow = readWorkflow(name);
  return job === undefined ? workflow : { ...workflow, jobs: { [job]: workflow.jobs[job]! } };
}

/** As somebody who set up the repository by docs/delivery.md would have entered them. */
function secretsOf({ sandbox: { env, config } }: TestSandbox): Record<string, string> {
  const names = ['DIGITALOCEAN_TOKEN', 'FORGE_CLUSTER_TOKEN', 'SPACES_ACCESS_KEY_ID', 'SPACES_SECRET_ACCESS_KEY'];
  const all = [...names, ...config.secrets.flatMap(({ data }) => Object.values(data))];
  return {
    ...Object.fromEntries(all.map((name) => [name, env[name]!])),
    FORGE_GITHUB_TOKEN: env['GITHUB_TOKEN']!,
  };
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
}

/** The emulated GitHub has no runs of workflows: the three questions about them are answered here, all others there. */
async function githubWithRuns(
  emulated: string,
  repository: string,
  { number, head, commit }: Merged,
): Promise<{ url: string; close(): Promise<void> }> {
  const base = `/repos/${repository}`;
  const pull = { number, merged_at: '2026-11-23T08:00:00Z', merge_commit_sha: commit };
  const answers: Record<string, unknown> = {
    [`${base}/commits/${commit}/pulls`]: [{ ...pull, head: { sha: head, repo: { full_name: repository } } }],
    [`${base}/actions/workflows/plan.yml/runs`]: { workflow_runs: [{ id: RUN_ID, run_number: 1 }] },
    [`${base}/actions/runs/${RUN_ID}/artifacts`]: { artifacts: [{ name: 'plan', expired: false }] },
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
  return { url: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

async function forward(
  emulated: string,
  request: IncomingMessage,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const headers = without(request.headers as Record<string, string>, ['host', 'connection', 'content-length']);
  const body = parts.length > 0 ? { body: Buffer.concat(parts) } : {};
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
