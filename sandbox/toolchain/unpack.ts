import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Unpacks a .tar.gz into a folder.
 *
 * @param member path of the only file that is wanted; all of them by default
 */
export async function unpack(archive: string, folder: string, member?: string): Promise<void> {
  try {
    await run('tar', ['-xzf', archive, '-C', folder, ...(member === undefined ? [] : [member])]);
  } catch (error) {
    throw new Error(`${archive} cannot be unpacked: ${(error as Error).message.trimEnd()}`, { cause: error });
  }
}
