import type { SandboxFolder } from '#sandbox/place/folder';
import { publishCheckout, runningSandbox } from '#sandbox/up';

/** Puts the working tree as it is into the sandbox's repository, and prints what came of it. */
export async function push(folder: SandboxFolder): Promise<void> {
  await runningSandbox(folder);
  for (const line of await publishCheckout(folder)) console.log(line);
}
