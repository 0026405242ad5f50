import { appendFileSync } from 'node:fs';

/** Adds Markdown to the summary of the job; nothing happens outside of GitHub Actions. */
export function writeStepSummary(env: NodeJS.ProcessEnv, markdown: string): void {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file) appendFileSync(file, `${markdown.trimEnd()}\n`);
}
