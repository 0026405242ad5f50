/** What a stack reads of other stacks, and whether it is there to be read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ForgeConfig } from '#config/schema';
import { STACKS, type StackName } from '#stacks/stack-names';
import { withSpaces, type SpacesClient, type SpacesTarget } from '#clients/spaces/client';
import { SpacesFailure } from '#clients/spaces/failure';
import { readState } from '#cli/state/state-file';
import { stateKeyOf } from '#cli/state/stacks';
import type { Terminal } from '#cli/output/terminal';
import type { StateSource } from './state-source';

/** Ids of the outputs that each stack publishes now; none for a stack that was never deployed, or was destroyed. */
export type PublishedOutputs = Readonly<Record<StackName, ReadonlySet<string>>>;

const REFERENCE = /\bdata\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/g;

/** @throws SpacesFailure when the states cannot be read, or copies of them were never made */
export async function publishedOutputs(
  { notify }: Terminal,
  config: ForgeConfig,
  { target, isCopy }: StateSource,
): Promise<PublishedOutputs> {
  const readAll = (spaces: SpacesClient) =>
    Promise.all(STACKS.map((stack) => readState(spaces, stateKeyOf(config, stack))));
  const states = await withSpaces(target, readAll, notify);
  // Of a stack that was never deployed there is a copy, too.
  if (isCopy && states.includes(undefined)) throw neverCopied(target);
  const ids = states.map((state) => new Set(Object.keys(state?.outputs ?? {})));
  return Object.fromEntries(STACKS.map((stack, index) => [stack, ids[index]!])) as unknown as PublishedOutputs;
}

function neverCopied({ bucket }: SpacesTarget): SpacesFailure {
  return new SpacesFailure(
    `The bucket ${bucket} has no copies of the states yet, so what is deployed is not known. With the full key: npx forge bootstrap`,
  );
}

/**
 * The first stack that must be deployed before another one can be planned: it was never deployed, or it does not
 * publish yet what the change has the other read.
 *
 * @param folder of the synthesised stack that reads
 */
export function missingUpstream(folder: string, published: PublishedOutputs): StackName | undefined {
  const synthesised = readFileSync(join(folder, 'cdk.tf.json'), 'utf8');
  const references = [...synthesised.matchAll(REFERENCE)];
  return STACKS.find((upstream) =>
    references.some(([, stack, output]) => stack === upstream && !published[upstream].has(output!)),
  );
}
