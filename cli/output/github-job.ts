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
/** Of a key in PEM. Its last line is shorter, and with elliptic curves the same as that of the public key, which everybody may see. */
const WHOLE_LINE = 64;

/**
 * Has a job hide secrets that GitHub does not know, in this step and all later ones, as they are and as a kubeconfig holds them; elsewhere
 * nothing happens. Source: GitHub's documentation, "Workflow commands", add-mask.
 */
export function maskInJob({ env, notify }: Pick<Terminal, 'env' | 'notify'>, secrets: readonly string[]): void {
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  const forms = secrets.filter((secret) => secret.length >= SHORTEST_MASKED).flatMap(printedForms);
  for (const form of new Set(forms)) notify(`::add-mask::${form.replaceAll('%', '%25')}\n`);
}

/** GitHub compares line by line. */
function printedForms(secret: string): string[] {
  const lines = secret.includes('\n') ? secret.split('\n').filter(({ length }) => length === WHOLE_LINE) : [secret];
  return [...lines, Buffer.from(secret).toString('base64')];
}
