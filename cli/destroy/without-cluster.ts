/** The end of an environment whose cluster does not answer any more: what only it could remove is let go of, or removed past it. */
import { runProgram, unattended } from '#clients/program';
import type { StackName } from '#stacks/stack-names';
import { synthesise, type Cdktf } from '../plan/synth';
import { listEnvironment } from '../sweep/kinds';
import type { CloudSession } from '../sweep/session';
import { programFailed, type Progress } from './steps';

/** Resource types whose objects are inside the cluster, and gone with it. */
const IN_CLUSTER = /(^|\.)(kubernetes|helm)_\w+\./;
const MACHINE = /(^|\.)digitalocean_droplet\./;
const DESTROY = ['destroy', '-auto-approve', '-input=false', '-no-color'];

/** Runs Terraform in the folder of a stack. Tests give another. */
export type Terraform = (
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
) => Promise<{ code: number; text: string }>;

export const OWN_TERRAFORM: Terraform = (cwd, args, env) =>
  runProgram('terraform', args, { cwd, env: unattended(env) });

/** Destroys stacks by Terraform itself, past the cluster. Everything can be run again. */
export class TerraformDestroy {
  private folders: Promise<(stack: StackName) => string> | undefined;

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly cdktf: Cdktf,
    private readonly terraform: Terraform,
  ) {}

  /** A stack that has objects in the cluster, without asking the cluster. */
  async withoutCluster(stack: StackName, progress: Progress): Promise<void> {
    const run = await this.openStack(stack, progress);
    const inside = (await run('state', 'list')).split('\n').filter((address) => IN_CLUSTER.test(address));
    if (inside.length > 0) await run('state', 'rm', ...inside);
    // A refresh would read the cluster, and look for the charts of what is gone.
    await run(...DESTROY, '-refresh=false');
  }

  /** The machines alone: then nothing is attached to the volumes any more, and these still have the tag that goes with the network. */
  async machines(progress: Progress): Promise<void> {
    const run = await this.openStack('network', progress);
    const machines = (await run('state', 'list')).split('\n').filter((address) => MACHINE.test(address));
    if (machines.length > 0) await run(...DESTROY, ...machines.map((address) => `-target=${address}`));
  }

  private async openStack(stack: StackName, progress: Progress): Promise<(...args: string[]) => Promise<string>> {
    progress('cdktf synth');
    this.folders ??= this.synthesise();
    const folder = (await this.folders)(stack);
    const run = async (...args: string[]) => {
      progress(`terraform ${args[0] === 'state' ? args.slice(0, 2).join(' ') : args[0]}`);
      const { code, text } = await this.terraform(folder, args, this.env);
      if (code !== 0) throw programFailed(`terraform ${args[0]} in the stack ${stack}`, text);
      return text;
    };
    await run('init', '-input=false', '-no-color');
    return run;
  }

  /** All stacks at once. */
  private async synthesise(): Promise<(stack: StackName) => string> {
    const synthesised = await synthesise(this.env, this.cdktf);
    if ('failure' in synthesised) throw programFailed('cdktf synth', synthesised.failure);
    return synthesised.folderOf;
  }
}

/** Volumes that the cluster had made: Terraform does not know them, but they carry the cluster's tag. */
export async function deleteVolumes({ cloud, config }: CloudSession, progress: Progress): Promise<void> {
  const volumes = (await listEnvironment(cloud, config)).filter(({ kind }) => kind === 'volume');
  for (const { name, path } of volumes) {
    progress(name);
    await cloud.delete(path);
  }
}
