import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { KubernetesClient } from '#clients/kubernetes/client';
import { runAttached, unattended } from '#clients/program';
import { untilTerraformEnds } from '#clients/terraform-runs';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { withTerraformSettings } from '#config/terraform-settings';
import { removeSecretFiles } from '#stacks/credential-files';
import { IN_CLUSTER, type StackName } from '#stacks/stack-names';
import { accessSession, removeOldOpenings } from '../access/session';
import { whileOpen } from '../access/while-open';
import { clusterAccess } from '../kubeconfig/cluster-access';
import type { Terminal } from '../output/terminal';
import { copyStates } from '../state/copy';
import { lockAdvice } from '../state/unlock';
import { findBuckets, snapshotTarget } from '../sweep/buckets';
import { outputFolder, type Cdktf } from '../plan/synth';

export interface Deploy {
  readonly cdktf: Cdktf;
  /** In their order. */
  readonly stacks: readonly StackName[];
  /** False: CDKTF asks the person at the keyboard. */
  readonly autoApprove: boolean;
}

/** For the first start of a cluster, and for charts that wait. Nothing but the name ends an opening that a killed deploy leaves. */
const MINUTES_OPEN = 120;

/** @throws CommandFailure when a stack is not deployed: those after it are not begun */
export async function deployStacks(terminal: Terminal, deploy: Deploy): Promise<void> {
  if (!deploy.autoApprove && terminal.ask === undefined) {
    throw new CommandFailure('Nobody can be asked whether the plan is right. Give --auto-approve.', { exitCode: 2 });
  }
  const config = loadConfig(configFile(terminal.env));
  const copy = () => copyStates(terminal, config);
  // Before anything is deployed: that there is no place for the copies is told now.
  await copy();
  if (deploy.stacks.includes('network')) await requireSnapshotBucket(terminal, config);
  await removeOldOpenings(terminal, accessSession(terminal));
  const inside = deploy.stacks.filter((stack) => IN_CLUSTER.includes(stack));
  const outside = deploy.stacks.filter((stack) => !inside.includes(stack));
  const each = async (stacks: readonly StackName[]) => {
    for (const stack of stacks) {
      await deployStack(terminal, deploy, stack).catch(async (error: unknown) => {
        // The next pull request is planned from what it left. Where that cannot be read either, why the deploy failed matters more.
        await copy().catch(({ message }: Error) => terminal.notify(`${message}\n`));
        throw error;
      });
      await copy();
    }
  };
  try {
    await each(outside);
    if (inside.length > 0) await withApi(terminal, () => each(inside));
  } finally {
    removeSecretFiles(outputFolder(terminal.env, deploy.cdktf));
  }
}

/** Without it no server starts: it could not know whether there is a snapshot to start from. A destroy takes it along. */
async function requireSnapshotBucket(terminal: Terminal, config: ForgeConfig): Promise<void> {
  const target = snapshotTarget(config, terminal.env);
  if ((await findBuckets([target], terminal)).length > 0) return;
  throw new CommandFailure(
    `The bucket of the snapshots, ${target.bucket}, does not exist: no server would start. Make it: npx forge bootstrap`,
  );
}

/** Where the API answers already, access.api lets this machine in, or an opening of its own that it keeps. */
async function withApi(terminal: Terminal, work: () => Promise<void>): Promise<void> {
  const client = new KubernetesClient(await clusterAccess(terminal));
  const isOpen = await client.isReady().finally(() => client.close());
  if (isOpen) await work();
  else await whileOpen(terminal, { minutes: MINUTES_OPEN }, work);
}

/** CDKTF has the terminal: its plan, its question, and Terraform's lines as they come. */
async function deployStack(
  terminal: Terminal,
  { cdktf, stacks, autoApprove }: Deploy,
  stack: StackName,
): Promise<void> {
  terminal.notify(`\n${stack} (${stacks.indexOf(stack) + 1} of ${stacks.length})\n`);
  const args = ['deploy', stack, '--ignore-missing-stack-dependencies', ...(autoApprove ? ['--auto-approve'] : [])];
  const env = terminal.ask === undefined ? unattended(terminal.env) : withTerraformSettings(terminal.env);
  const cwd = resolve(cdktf.checkout);
  const run = (more: NodeJS.ProcessEnv) => runAttached(cdktf.program, args, { cwd, env: { ...env, ...more } });
  const code = await untilTerraformEnds(run, terminal);
  if (code === 0) return;
  const rest = stacks.slice(stacks.indexOf(stack) + 1);
  const notBegun = rest.length === 0 ? '' : ` Not begun: ${rest.join(', ')}.`;
  const state = join(outputFolder(terminal.env, cdktf), 'stacks', stack, 'errored.tfstate');
  const next = existsSync(state)
    ? `Terraform could not write the state, it is in ${state}. Before anything else, push it: docs/state.md`
    : 'Put it right, and run this again: what was made is in the state.';
  // A second Ctrl-C leaves a lock. Where the store does not answer, nothing can be said of it.
  const locked = await lockAdvice(terminal, stack).catch(() => undefined);
  const lines = [
    `cdktf deploy ${stack} failed, see above.${notBegun}`,
    next,
    ...(locked === undefined ? [] : [locked]),
  ];
  throw new CommandFailure(lines.join('\n'));
}
