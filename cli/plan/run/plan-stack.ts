/** The plan of one stack, as JSON. */
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runProgram, unattended } from '#clients/program';
import { lockOptions } from '#stacks/provider-locks';

export interface PlanStackOptions {
  /** Of the synthesised stack. */
  readonly folder: string;
  /** Folder for the plan file while it is needed: it holds secrets in clear, in a format that anybody's Terraform reads. */
  readonly privateFolder: string;
  readonly env: NodeJS.ProcessEnv;
  /** False plans from the state alone, without asking the cloud or the cluster. */
  readonly refresh: boolean;
  /** Values of the stack's variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Is told each step. */
  readonly progress: (step: string) => void;
}

export type StackPlan = { readonly json: string } | { readonly failure: string };

/** Nothing is locked and nothing is changed: a plan in a pull request must not hold up a deploy. */
export async function planStack(options: PlanStackOptions): Promise<StackPlan> {
  const file = join(options.privateFolder, 'plan');
  try {
    return await plan(options, file);
  } finally {
    rmSync(file, { force: true });
  }
}

async function plan(options: PlanStackOptions, file: string): Promise<StackPlan> {
  const { folder, env, refresh, variables, progress } = options;
  const settings = Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);
  const locked = lockOptions(basename(folder), env);
  const steps = [
    // The versions are exact: `-upgrade` only lets go of the lock of an earlier version.
    ['init', '-input=false', '-no-color', '-lock=false', ...(locked.length > 0 ? locked : ['-upgrade'])],
    ['plan', '-input=false', '-no-color', '-lock=false', `-refresh=${refresh}`, `-out=${file}`, ...settings],
  ];
  for (const args of steps) {
    progress(`terraform ${args[0]}`);
    const { code, text } = await runProgram('terraform', args, { cwd: folder, env: unattended(env) });
    if (code !== 0) return { failure: text };
  }
  const show = await runProgram('terraform', ['show', '-json', file], { cwd: folder, env: unattended(env) });
  return show.code === 0 ? { json: show.stdout } : { failure: show.text };
}
