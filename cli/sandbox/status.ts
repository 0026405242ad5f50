import type { SandboxFolder } from '#sandbox/place/folder';
import { runningSandbox } from '#sandbox/up';
import { describe, summarise } from './summary';

/** Prints what runs and what is deployed. */
export async function status(folder: SandboxFolder, json: boolean): Promise<void> {
  const summary = await summarise(await runningSandbox(folder));
  console.log(json ? JSON.stringify(summary, null, 2) : describe(summary));
}
