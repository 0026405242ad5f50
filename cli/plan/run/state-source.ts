/** Where plans read the states: from the states themselves, or from their copies without secrets. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ForgeConfig } from '#config/schema';
import { spacesTarget, type SpacesTarget } from '#clients/spaces/client';
import { copiesTarget } from '#cli/state/copy';
import { OWN_CDKTF, outputFolder } from '../synth';

export interface StateSource {
  readonly target: SpacesTarget;
  /** Without secrets, so without a way to the cluster. */
  readonly isCopy: boolean;
}

/** @throws SpacesFailure when the environment has no key for Spaces */
export function stateSource(config: ForgeConfig, env: NodeJS.ProcessEnv, fromCopies: boolean): StateSource {
  return { target: fromCopies ? copiesTarget(config, env) : spacesTarget(config, env), isCopy: fromCopies };
}

/** Stacks that read copies have a folder of their own: what Terraform keeps beside the others is about the states themselves. */
export function synthEnvironment(env: NodeJS.ProcessEnv, fromCopies: boolean): NodeJS.ProcessEnv {
  return fromCopies ? { ...env, CDKTF_OUTPUT: join(outputFolder(env, OWN_CDKTF), 'from-copies') } : env;
}

interface SynthesisedStack {
  readonly terraform: { readonly backend: { readonly s3: { bucket: string } } };
  readonly data?: {
    readonly terraform_remote_state?: Readonly<Record<string, { readonly config: { bucket: string } }>>;
  };
}

/** Has a synthesised stack read its own state, and those of others, from there. */
export function readFrom({ target }: StateSource, folder: string): void {
  const file = join(folder, 'cdk.tf.json');
  const stack = JSON.parse(readFileSync(file, 'utf8')) as SynthesisedStack;
  const upstream = Object.values(stack.data?.terraform_remote_state ?? {}).map(({ config }) => config);
  for (const place of [stack.terraform.backend.s3, ...upstream]) place.bucket = target.bucket;
  writeFileSync(file, JSON.stringify(stack, undefined, 2));
}
