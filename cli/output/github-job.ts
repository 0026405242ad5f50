/** What a job of GitHub Actions takes from a command, through the files that its runner names. */
import { appendFileSync } from 'node:fs';
import type { Terminal } from './terminal';

/**
 * Adds Markdown to the summary of the job.
 *
 * @returns whether this is a job; elsewhere nothing happens
 */
export function addToJobSummary(env: NodeJS.ProcessEnv, markdown: string): boolean {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file) appendFileSync(file, `${markdown.trimEnd()}\n`);
  return Boolean(file);
}

/** Gives an output to the job's other steps; elsewhere `name=value` goes to the terminal. */
export function setJobOutput({ env, write }: Terminal, name: string, value: string | number): void {
  const line = `${name}=${value}\n`;
  const file = env['GITHUB_OUTPUT'];
  if (file) appendFileSync(file, line);
  else write(line);
}
