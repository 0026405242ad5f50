/** `forge destroy`: the whole environment, in an order that leaves nothing behind. */
import { Command } from 'commander';
import { Listr, PRESET_TIMER, type ListrTask } from 'listr2';
import { cloudNames } from '#stacks/network/names';
import { STACKS, type StackName } from '#stacks/stack-names';
import { OWN_CDKTF, type Cdktf } from '../plan/synth';
import { findOrphans } from '../sweep/orphans';
import { withCloudSession, type CloudSession } from '../sweep/session';
import { CommandFailure } from '#clients/failure';
import { confirmByName } from '../output/confirm';
import { processTerminal, type Terminal } from '../output/terminal';
import {
  deleteBackups,
  deleteSnapshotBucket,
  destroyStack,
  inCluster,
  isDeployed,
  removeCloudObjects,
  stopArgoCd,
  type Progress,
} from './steps';
import { deleteVolumes, OWN_TERRAFORM, TerraformDestroy, type Terraform } from './without-cluster';

/**
 * @param terminal the default is the process's own
 * @param cdktf the default is that of this checkout
 * @param terraform the default is the one on PATH
 */
export function destroyCommand(
  terminal: Terminal = processTerminal(),
  cdktf: Cdktf = OWN_CDKTF,
  terraform: Terraform = OWN_TERRAFORM,
): Command {
  return new Command('destroy')
    .description(
      'Destroy everything of this environment, with all its data: Argo CD is stopped, the volumes of the cluster are deleted, the stacks are\n' +
        'destroyed in reverse order, then the bucket of the snapshots, and a sweep must find nothing. Can be run again after an interruption.\n' +
        'The bucket of the Terraform state stays: it holds the history. So do the backups: a new deploy starts from them.',
    )
    .option('--confirm <name>', 'name and environment, such as forge-production; otherwise it is asked for')
    .option('--without-cluster', 'for a cluster that does not answer any more: nothing in it is asked for or tidied up')
    .option('--with-backups <name>', 'delete the backups too, for ever: the same name again')
    .addHelpText('after', '\nExample:\n  $ npx forge destroy --confirm forge-production')
    .action((options: { confirm?: string; withBackups?: string; withoutCluster?: boolean }) =>
      withCloudSession(terminal, async (session) => {
        const wanted = cloudNames(session.config.name, session.config.environment).cluster;
        const withBackups = isForBackups(wanted, options.withBackups);
        const past = options.withoutCluster && new TerraformDestroy(terminal.env, cdktf, terraform);
        await confirmByName(terminal, wanted, `This destroys ${wanted} with all its data.`, options.confirm);
        await destroy(session, steps(session, { cdktf, withBackups, ...(past && { past }) }), withBackups);
      }),
    );
}

function isForBackups(wanted: string, given: string | undefined): boolean {
  if (given === undefined || given === wanted) return given !== undefined;
  const message = `--with-backups ${JSON.stringify(given)} is not ${wanted}: nothing was touched.`;
  throw new CommandFailure(message, { exitCode: 2 });
}

async function destroy(session: CloudSession, tasks: ListrTask[], withBackups: boolean): Promise<void> {
  const timer = { timer: PRESET_TIMER };
  await new Listr(tasks, { rendererOptions: timer, fallbackRendererOptions: timer }).run();
  const { found } = await findOrphans(session);
  if (found.length > 0) {
    const left = found.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    throw new CommandFailure(
      `The stacks are gone, but this is left: ${left}. Look at it, then: npx forge sweep --delete`,
    );
  }
  const backups = withBackups || !session.config.backups.enabled ? '' : ', and so do the backups';
  session.terminal.write(
    `Everything is gone. The bucket of the Terraform state stays, with the history of the states${backups}.\n`,
  );
}

interface Way {
  readonly cdktf: Cdktf;
  readonly withBackups: boolean;
  /** For a cluster that does not answer any more. */
  readonly past?: TerraformDestroy;
}

function steps(session: CloudSession, { cdktf, withBackups, past }: Way): ListrTask[] {
  const step = (title: string, work: (progress: Progress) => Promise<void>): ListrTask => ({
    title,
    task: (_, handle) =>
      work((line) => {
        handle.output = line;
      }),
  });
  const ofStack = (title: string, stack: StackName, work: (progress: Progress) => Promise<void>): ListrTask => ({
    ...step(title, work),
    skip: async () => !(await isDeployed(session, stack)),
  });
  const stack = (name: StackName) =>
    ofStack(`cdktf destroy ${name}`, name, (progress) => destroyStack(session, cdktf, name, progress));
  const [network, cluster, githubSecrets] = STACKS;
  const inOrder = (): ListrTask[] => [
    ofStack('Stop Argo CD', cluster, (progress) => inCluster(session, (client) => stopArgoCd(client, progress))),
    ofStack('Delete the volumes of the cluster', cluster, (progress) =>
      inCluster(session, (client) => removeCloudObjects(client, progress)),
    ),
    stack(githubSecrets),
    stack(cluster),
    stack(network),
  ];
  const withoutCluster = (terraform: TerraformDestroy): ListrTask[] => [
    ...[githubSecrets, cluster].map((name) =>
      ofStack(`Destroy ${name} without the cluster`, name, (progress) => terraform.withoutCluster(name, progress)),
    ),
    ofStack('Destroy the machines', network, (progress) => terraform.machines(progress)),
    step('Delete the volumes by their tag', (progress) => deleteVolumes(session, progress)),
    stack(network),
  ];
  return [
    ...(past ? withoutCluster(past) : inOrder()),
    step('Delete the bucket of the snapshots', (progress) => deleteSnapshotBucket(session, progress)),
    ...(withBackups ? [step('Delete the backups', (progress) => deleteBackups(session, progress))] : []),
  ];
}
