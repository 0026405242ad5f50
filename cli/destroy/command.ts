/** `forge destroy`: the whole environment, in an order that leaves nothing behind. */
import { Command } from 'commander';
import type { ListrTask } from 'listr2';
import { cloudNames } from '#stacks/network/names';
import { removeSecretFiles } from '#stacks/credential-files';
import { STACKS, type StackName } from '#stacks/stack-names';
import { OWN_CDKTF, outputFolder, type Cdktf } from '../plan/synth';
import { findOrphans } from '../sweep/orphans';
import { withCloudSession, type CloudSession } from '../sweep/session';
import { CommandFailure } from '#clients/failure';
import { confirmByName, isNamed } from '../output/confirm';
import { runTasks } from '../output/task-list';
import { processTerminal, type Terminal } from '../output/terminal';
import {
  copyEmptyStates,
  deleteBackups,
  deleteLeftovers,
  deleteSnapshotBucket,
  hasLeftovers,
  inCluster,
  isDeployed,
  removeCloudObjects,
  stopArgoCd,
  type Progress,
} from './steps';
import { OWN_TERRAFORM, TerraformDestroy, type Terraform } from './terraform-destroy';

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
        const withBackups = isNamed(wanted, options.withBackups);
        const { withoutCluster = false } = options;
        await confirmByName(terminal, wanted, `This destroys ${wanted} with all its data.`, options.confirm);
        const stacks = new TerraformDestroy(terminal.env, cdktf, terraform);
        try {
          await destroy(session, steps(session, { stacks, withBackups, withoutCluster }), withBackups);
        } finally {
          removeSecretFiles(outputFolder(terminal.env, cdktf));
        }
      }),
    );
}

async function destroy(session: CloudSession, tasks: ListrTask[], withBackups: boolean): Promise<void> {
  await runTasks(tasks);
  const { found, undecided } = await findOrphans(session);
  const all = [...found, ...undecided];
  if (all.length > 0) {
    const left = all.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    throw new CommandFailure(
      `The stacks are gone, but this is left: ${left}. Look at it, then: npx forge sweep --delete`,
    );
  }
  const backups = withBackups || !session.config.backups.enabled ? '' : ', and so do the backups';
  session.terminal.write(
    `Everything is gone. The bucket of the Terraform state stays, with the history of the states${backups}. Before another deploy: npx forge bootstrap\n`,
  );
}

interface Way {
  readonly stacks: TerraformDestroy;
  readonly withBackups: boolean;
  /** For a cluster that does not answer any more. */
  readonly withoutCluster: boolean;
}

function steps(session: CloudSession, { stacks, withBackups, withoutCluster }: Way): ListrTask[] {
  const [network, cluster, githubSecrets] = STACKS;
  const ofStack = (title: string, stack: StackName, work: Work): ListrTask => ({
    ...step(title, work),
    skip: async () => !(await isDeployed(session, stack)),
  });
  const destroyed = (stack: StackName) =>
    ofStack(`Destroy ${stack}`, stack, (progress) => stacks.stack(stack, progress));
  const byCluster = (): ListrTask[] => [
    ofStack('Stop Argo CD', cluster, (progress) => inCluster(session, (client) => stopArgoCd(client, progress))),
    ofStack('Delete the volumes of the cluster', cluster, (progress) =>
      inCluster(session, (client) => removeCloudObjects(client, progress)),
    ),
    destroyed(githubSecrets),
    destroyed(cluster),
  ];
  const pastCluster = (): ListrTask[] =>
    [githubSecrets, cluster].map((stack) =>
      ofStack(`Destroy ${stack} without the cluster`, stack, (progress) => stacks.withoutCluster(stack, progress)),
    );
  return [
    ...(withoutCluster ? pastCluster() : byCluster()),
    ...leftoverSteps(session, stacks),
    destroyed(network),
    step('Delete the bucket of the snapshots', (progress) => deleteSnapshotBucket(session, progress)),
    ...(withBackups ? [step('Delete the backups', (progress) => deleteBackups(session, progress))] : []),
    step('Copy the states for plans', () => copyEmptyStates(session)),
  ];
}

/** What is attached to a machine can only be deleted after it. */
function leftoverSteps(session: CloudSession, stacks: TerraformDestroy): ListrTask[] {
  let isLeft = false;
  return [
    {
      ...step('Destroy the machines', (progress) => stacks.machines(progress)),
      skip: async () => {
        isLeft = await hasLeftovers(session);
        return !isLeft || !(await isDeployed(session, 'network'));
      },
    },
    {
      ...step('Delete what the cluster left', (progress) => deleteLeftovers(session, progress)),
      skip: () => !isLeft,
    },
  ];
}

type Work = (progress: Progress) => Promise<void>;

function step(title: string, work: Work): ListrTask {
  return {
    title,
    task: (_, handle) =>
      work((line) => {
        handle.output = line;
      }),
  };
}
