/** `forge status`: nodes, layers, apps and certificates at a glance. */
import { Command } from 'commander';
import colors from 'picocolors';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { pagesOf } from '#config/hosts';
import { loadConfig } from '#config/load';
import { addToJobSummary } from '../output/github-job';
import { json } from '../output/text';
import { processTerminal, type Terminal } from '../output/terminal';
import { connectWithCertificates, KUBECONFIG_OPTION } from './connection';
import { readEtcdSnapshots } from './etcd-snapshots';
import { readTokens } from './tokens';
import { describeFaults, describeStatus } from './describe';
import { manifestSearch } from './manifest-search';
import type { PlatformStatus } from './platform-status';
import { readStatus } from './read-status';
import { summaryMarkdown } from './summary-markdown';

/** A closed firewall answers nothing for a long time. */
const SLOW_MS = 2000;

/**
 * @param terminal the default is the process's own
 * @param checkout the folder that holds k8s/, where the files of failing objects are looked for
 */
export function statusCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('status')
    .description(
      'Show nodes, layers in order with the reason of the first that blocks, apps, when certificates and tokens\n' +
        'end, and how old the newest snapshot and backups are.\n' +
        'Exits with 1 when something is not healthy. What the certificate may not see is named, and not judged.',
    )
    .option('--json', 'print all of it as JSON')
    .option(
      '--summary',
      'write it as Markdown into the summary of the job of GitHub Actions, elsewhere to the terminal; exits with 0',
    )
    .option(...KUBECONFIG_OPTION)
    .addHelpText('after', '\nExample:\n  $ npx forge status --kubeconfig kubeconfig.yaml')
    .action(async (options: { json?: boolean; summary?: boolean; kubeconfig?: string }) => {
      const status = await readPlatform(terminal, checkout, options.kubeconfig);
      if (options.summary) return summarise(terminal, status);
      terminal.write(options.json ? json(status) : describeStatus(status, colors));
      if (!status.healthy) throw new CommandFailure(describeFaults(status));
    });
}

function summarise({ env, write }: Terminal, status: PlatformStatus): void {
  const config = loadConfig(configFile(env));
  const urls = pagesOf(config).map((host) => `https://${host}.${config.domain}`);
  const markdown = summaryMarkdown(status, urls);
  if (!addToJobSummary(env, markdown)) write(markdown);
}

/** @throws CommandFailure when the cluster cannot be asked */
export async function readPlatform(
  terminal: Terminal,
  checkout: string,
  kubeconfig: string | undefined,
): Promise<PlatformStatus> {
  const { client, certificates } = await connectWithCertificates(terminal, kubeconfig);
  const slow = setTimeout(() => terminal.notify(`Asking ${client.server} …\n`), SLOW_MS);
  try {
    const [etcdSnapshots, tokens] = await Promise.all([readEtcdSnapshots(terminal), readTokens(terminal)]);
    return await readStatus(client, { search: manifestSearch(checkout), certificates, etcdSnapshots, tokens });
  } finally {
    clearTimeout(slow);
    client.close();
  }
}
