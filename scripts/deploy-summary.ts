/** Reads what runs and writes it for people: into the summary of the job at GitHub, elsewhere to the terminal. */
import { appendFileSync } from 'node:fs';
import { connectWithCertificates } from '#cli/status/connection';
import { manifestSearch } from '#cli/status/manifest-search';
import { readStatus } from '#cli/status/read-status';
import { processTerminal } from '#cli/terminal';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { HOSTS } from '#stacks/network/entrance';
import { summaryMarkdown } from './summary-markdown';

async function main(): Promise<void> {
  const terminal = processTerminal();
  const { domain } = loadConfig(configFile(terminal.env));
  const { client, certificates } = await connectWithCertificates(terminal, undefined);
  try {
    const status = await readStatus(client, { search: manifestSearch(process.cwd()), certificates });
    const markdown = summaryMarkdown(
      status,
      HOSTS.map((host) => `https://${host}.${domain}`),
    );
    const file = terminal.env['GITHUB_STEP_SUMMARY'];
    if (file) appendFileSync(file, markdown);
    else terminal.write(markdown);
  } finally {
    client.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
