/** Destroys stacks by Terraform itself: CDKTF's own destroy can do it neither from the state alone nor in parts. */
import { CommandFailure } from '#clients/failure';
import { endOf, runProgram, unattended } from '#clients/program';
import { lockOptions } from '#stacks/provider-locks';
import type { StackName } from '#stacks/stack-names';
import { interruptible } from '../output/interruptible';
import { synthesise, type Cdktf } from '../plan/synth';
import type { Progress } from './steps';

/** Resource types whose objects are inside the cluster, and gone with it. */
const IN_CLUSTER = /(^|\.)(kubernetes|helm)_\w+\./;
const MACHINE = /(^|\.)digitalocean_droplet\./;
const DESTROY = ['destroy', '-auto-approve', '-input=false', '-no-color'];
const FROM_STATE = '-refresh=false';
/** The stack whose charts come from elsewhere. Terraform plans before it destroys, and the provider of Helm wants the chart for that. */
const WITH_CHARTS: StackName = 'cluster';
/** What Terraform says of each thing that it begins to destroy. */
const BEGUN = ': Destroying...';
/** Also when the answer to its own lock was lost. */
const LOCKED = 'Error acquiring the state lock';

export interface Finished {
  readonly code: number;
  readonly text: string;
}

/** Runs Terraform in the folder of a stack. Tests give another. */
export type Terraform = (
  folder: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly progress: Progress },
) => Promise<Finished>;

export const OWN_TERRAFORM: Terraform = (cwd, args, { env, progress }) =>
  interruptible((signal) => runProgram('terraform', args, { cwd, env: unattended(env), progress, signal }));

type Run = (...args: string[]) => Promise<Finished>;

/** Everything can be run again. */
export class TerraformDestroy {
  private folders: Promise<(stack: StackName) => string> | undefined;

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly cdktf: Cdktf,
    private readonly terraform: Terraform,
  ) {}

  async stack(stack: StackName, progress: Progress): Promise<void> {
    const run = await this.openStack(stack, progress);
    let finished = await run(...DESTROY);
    if (stack === WITH_CHARTS && finished.code !== 0 && !finished.text.includes(BEGUN)) {
      finished = await run(...DESTROY, FROM_STATE);
    }
    succeeded(stack, 'destroy', finished);
  }

  /** A stack that has objects in the cluster, without asking the cluster. */
  async withoutCluster(stack: StackName, progress: Progress): Promise<void> {
    const run = await this.openStack(stack, progress);
    const inside = (await addressesOf(stack, run)).filter((address) => IN_CLUSTER.test(address));
    if (inside.length > 0) succeeded(stack, 'state rm', await run('state', 'rm', ...inside));
    // A refresh would read the cluster, and look for the charts of what is gone.
    succeeded(stack, 'destroy', await run(...DESTROY, FROM_STATE));
  }

  /** The machines alone: then nothing is attached to the volumes any more, and these still have the tag that goes with the network. */
  async machines(progress: Progress): Promise<void> {
    const run = await this.openStack('network', progress);
    const machines = (await addressesOf('network', run)).filter((address) => MACHINE.test(address));
    if (machines.length === 0) return;
    succeeded('network', 'destroy', await run(...DESTROY, ...machines.map((address) => `-target=${address}`)));
  }

  private async openStack(stack: StackName, progress: Progress): Promise<Run> {
    progress('cdktf synth');
    this.folders ??= this.synthesise();
    const folder = (await this.folders)(stack);
    const run: Run = (...args) => this.terraform(folder, args, { env: this.env, progress });
    succeeded(stack, 'init', await run('init', '-input=false', '-no-color', ...lockOptions(stack, this.env)));
    return run;
  }

  /** All stacks at once. */
  private async synthesise(): Promise<(stack: StackName) => string> {
    const synthesised = await synthesise(this.env, this.cdktf);
    if ('failure' in synthesised) throw programFailed('cdktf synth', synthesised.failure);
    return synthesised.folderOf;
  }
}

async function addressesOf(stack: StackName, run: Run): Promise<string[]> {
  return succeeded(stack, 'state list', await run('state', 'list')).split('\n');
}

/** @returns what it said */
function succeeded(stack: StackName, what: string, { code, text }: Finished): string {
  if (code === 0) return text;
  const unlock = text.includes(LOCKED) ? ` If no other run is at work: npx forge state unlock ${stack}` : '';
  throw programFailed(`terraform ${what} in the stack ${stack}`, text, unlock);
}

function programFailed(what: string, text: string, advice = ''): CommandFailure {
  return new CommandFailure(`${what} failed:\n${endOf(text)}\nPut this right, and run this again.${advice}`);
}
