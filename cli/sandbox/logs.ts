import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { CommandFailure } from '#clients/failure';
import type { SandboxFolder } from '#sandbox/place/folder';

/** Prints the log of the background process. */
export async function logs(folder: SandboxFolder, follow: boolean): Promise<void> {
  if (!existsSync(folder.log))
    throw new CommandFailure(`There is no log in ${folder.path}. Start a sandbox: npx forge sandbox up`);
  const tail = spawn('tail', ['-n', '+1', ...(follow ? ['-F'] : []), folder.log], { stdio: 'inherit' });
  await once(tail, 'close');
}
