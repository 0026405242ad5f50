import { endSandbox } from '#sandbox/down';
import type { SandboxFolder } from '#sandbox/place/folder';

/** Ends the sandbox and removes its folder. */
export async function down(folder: SandboxFolder): Promise<void> {
  const ended = await endSandbox(folder);
  console.log(ended ? `The sandbox in ${folder.path} is gone.` : `There is no sandbox in ${folder.path}.`);
}
