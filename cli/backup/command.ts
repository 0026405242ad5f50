/** `forge backup`: what people made, in a bucket that outlives the forge. */
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { json } from '../output/text';
import { textTable } from '../output/text-table';
import { processTerminal, type Terminal } from '../output/terminal';
import { connect, KUBECONFIG_OPTION } from '../status/connection';
import { listBackups } from './list';
import { backUp } from './now';
import { requestRestore, RESTORABLE, type RestoreRequest } from './restore';

interface ClusterOptions {
  readonly kubeconfig?: string;
}

/**
 * @param terminal the default is the process's own
 * @param checkout the folder that holds k8s/
 */
export function backupCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('backup')
    .description(
      'Save Gitea and every Jenkins now, list their backups, or ask for one back. Each night it happens by itself.',
    )
    .addHelpText('after', '\nExample:\n  $ npx forge backup list')
    .addCommand(nowCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(restoreCommand(terminal, checkout));
}

function nowCommand(terminal: Terminal): Command {
  return new Command('now')
    .description('Save an app, or all, and show what happens. Exits with 1 when one could not be saved.')
    .argument('[app]', 'gitea or jenkins (default: both)')
    .option(...KUBECONFIG_OPTION)
    .addHelpText('after', '\nExample:\n  $ npx forge backup now gitea')
    .action(async (app: string | undefined, { kubeconfig }: ClusterOptions) => {
      const client = await connect(terminal, kubeconfig);
      try {
        await backUp(client, app, terminal.notify);
      } finally {
        client.close();
      }
    });
}

function listCommand(terminal: Terminal): Command {
  return new Command('list')
    .description('Show the backups that there were at the end of the last one, oldest first. Times are UTC.')
    .argument('[app]', 'gitea or jenkins (default: both)')
    .option('--json', 'print them as JSON')
    .option(...KUBECONFIG_OPTION)
    .addHelpText('after', '\nExample:\n  $ npx forge backup list')
    .action(async (app: string | undefined, { kubeconfig, json: asJson }: ClusterOptions & { json?: boolean }) => {
      const client = await connect(terminal, kubeconfig);
      try {
        const backups = await listBackups(client, app);
        if (backups.length === 0 && !asJson)
          throw new CommandFailure('No backup has ended yet. Make one: npx forge backup now');
        const rows = backups.map(({ instance, time, id }) => [instance, time, id]);
        terminal.write(
          asJson
            ? json(backups)
            : textTable(rows)
                .map((line) => `${line}\n`)
                .join(''),
        );
      } finally {
        client.close();
      }
    });
}

function restoreCommand(terminal: Terminal, checkout: string): Command {
  return new Command('restore')
    .description(
      'Ask for an app as it was, by a change of its manifest in k8s/: commit and push it, and the app restarts with that backup.\n' +
        'What is there now is saved first. With --into the backup is laid beside the data, and nothing is replaced.',
    )
    .argument('<app>', RESTORABLE.join(' or '))
    .option(
      '--at <time>',
      'the newest backup that is not younger, in UTC, such as 2026-11-24 or 2026-11-24T02:17 (default: now)',
    )
    .option('--into <name>', 'a folder of this name in .forge-beside on the volume')
    .option('--confirm <app>', 'the name of the app again; otherwise it is asked for')
    .addHelpText('after', '\nExample:\n  $ npx forge backup restore gitea --at 2026-11-24')
    .action((app: string, options: Omit<RestoreRequest, 'app'>) =>
      requestRestore(terminal, checkout, { app, ...options }),
    );
}
