/**
 * Finds the run of the workflow `plan` whose result was reviewed, and writes `run-id=<number>` into GITHUB_OUTPUT,
 * elsewhere to the terminal.
 */
import { appendFileSync } from 'node:fs';
import { github } from '#clients/github/client';
import { processTerminal } from '#cli/terminal';
import { reviewedRun } from './reviewed-run';

async function main(): Promise<void> {
  const { env, notify, write } = processTerminal();
  const [owner, repo] = required(env, 'GITHUB_REPOSITORY').split('/') as [string, string];
  const run = await reviewedRun(github(env, notify), { owner, repo }, required(env, 'GITHUB_SHA'));
  const line = `run-id=${run}\n`;
  if (env['GITHUB_OUTPUT']) appendFileSync(env['GITHUB_OUTPUT'], line);
  else write(line);
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing. GitHub sets it in every job.`);
  return value;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
