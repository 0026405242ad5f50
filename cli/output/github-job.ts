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

/** What is shorter occurs in other words, too. */
const SHORTEST_MASKED = 16;

/**
 * Has a job hide secrets that GitHub does not know, in this step and all later ones, as they are and as a kubeconfig holds them; elsewhere
 * nothing happens. Source: GitHub's documentation, "Workflow commands", add-mask.
 */
export function maskInJob({ env, notify }: Pick<Terminal, 'env' | 'notify'>, secrets: readonly string[]): void {
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  const forms = secrets.flatMap((secret) => [...secret.split('\n'), Buffer.from(secret).toString('base64')]);
  const masked = forms.filter((form) => form.length >= SHORTEST_MASKED && !form.startsWith('-----'));
  for (const form of new Set(masked)) notify(`::add-mask::${form.replaceAll('%', '%25')}\n`);
}
