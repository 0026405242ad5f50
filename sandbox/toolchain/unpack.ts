import { outputOf } from '#clients/program';

/**
 * Unpacks a .tar.gz into a folder.
 *
 * @param member path of the only file that is wanted; all of them by default
 */
export async function unpack(archive: string, folder: string, member?: string): Promise<void> {
  try {
    await outputOf('tar', ['-xzf', archive, '-C', folder, ...(member === undefined ? [] : [member])]);
  } catch (error) {
    throw new Error(`${archive} cannot be unpacked: ${(error as Error).message.trimEnd()}`, { cause: error });
  }
}
