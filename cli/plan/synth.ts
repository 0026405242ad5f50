/** The stacks as Terraform sees them. */
import { join } from 'node:path';
import type { StackName } from '#stacks/stack-names';
import { CDKTF, cdktfOutput, runProgram, unattended } from '#clients/program';

/** Where the CDKTF CLI is, and where it runs. */
export interface Cdktf {
  readonly program: string;
  readonly checkout: string;
}

export const OWN_CDKTF: Cdktf = { program: CDKTF, checkout: join(__dirname, '../..') };

/** The folder of a synthesised stack, in which Terraform can be run; or what the app said instead. */
export type Synthesised = { readonly folderOf: (stack: StackName) => string } | { readonly failure: string };

/** Where the CDKTF CLI puts the stacks. */
export function outputFolder(env: NodeJS.ProcessEnv, { checkout }: Cdktf): string {
  return cdktfOutput(env, checkout);
}

/** Synthesises all stacks to where the CDKTF CLI itself would. */
export async function synthesise(env: NodeJS.ProcessEnv, cdktf: Cdktf = OWN_CDKTF): Promise<Synthesised> {
  const output = outputFolder(env, cdktf);
  const { program, checkout: cwd } = cdktf;
  const synth = await runProgram(program, ['synth', '--output', output], { cwd, env: unattended(env) });
  if (synth.code !== 0) return { failure: synth.text };
  return { folderOf: (stack) => join(output, 'stacks', stack) };
}
