/** Reads states. What commands show is a redacted copy; only the outputs can be had in clear. */
import type { SpacesClient } from '#clients/spaces/client';
import { SpacesFailure } from '#clients/spaces/failure';
import { readObject } from './bucket-object';
import { redactState } from './redact-state';
import type { StateFile, StateOutput } from './state-format';

/** The newest state of a stack without its secrets; undefined when it was never deployed. */
export async function readState(spaces: SpacesClient, key: string): Promise<StateFile | undefined> {
  const object = await readObject(spaces, key);
  return object === undefined ? undefined : redactState(parseState(object.text, key));
}

/** The same, for commands that are about one stack. */
export async function requireState(spaces: SpacesClient, key: string, stack: string): Promise<StateFile> {
  const state = await readState(spaces, key);
  if (state !== undefined) return state;
  throw neverDeployed(spaces, key, stack);
}

/** What a stack publishes, secrets in clear: for whoever acts with them, never to be shown. */
export async function requireOutputs(
  spaces: SpacesClient,
  key: string,
  stack: string,
): Promise<Readonly<Record<string, StateOutput>>> {
  const object = await readObject(spaces, key);
  if (object === undefined) throw neverDeployed(spaces, key, stack);
  return parseState(object.text, key).outputs;
}

function neverDeployed({ bucket }: SpacesClient, key: string, stack: string): SpacesFailure {
  return new SpacesFailure(
    `The stack ${stack} has no state yet: there is no ${key} in the bucket ${bucket}. Deploy it with: npx cdktf deploy ${stack}`,
  );
}

export function parseState(text: string, key: string): StateFile {
  let state: Partial<StateFile> | null;
  try {
    state = JSON.parse(text) as Partial<StateFile> | null;
  } catch (cause) {
    throw new SpacesFailure(
      `${key} is not a Terraform state: it is not JSON. forge state history shows older versions.`,
      { cause },
    );
  }
  if (state?.version !== 4) {
    throw new SpacesFailure(
      `${key} is a Terraform state of format ${String(state?.version)}; only format 4 is understood.`,
    );
  }
  const { version, serial = 0, terraform_version = '', outputs, resources } = state;
  return { ...state, version, serial, terraform_version, outputs: outputs ?? {}, resources: resources ?? [] };
}
