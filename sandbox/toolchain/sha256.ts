import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The checksum of one file in a vendor's list: lines of `<sha256>  <file>`, or the bare checksum of the only file.
 *
 * @returns undefined if the list does not name the file
 */
export function checksumIn(list: string, file: string): string | undefined {
  const lines = list.split('\n').map((line) => line.trim().split(/\s+\*?/));
  const [checksum] = lines.find(([, name]) => name === file || name === `./${file}`) ?? onlyChecksum(lines) ?? [];
  return checksum !== undefined && /^[0-9a-f]{64}$/i.test(checksum) ? checksum.toLowerCase() : undefined;
}

function onlyChecksum(lines: readonly string[][]): string[] | undefined {
  const filled = lines.filter(([first]) => first !== '');
  return filled.length === 1 && filled[0]!.length === 1 ? filled[0] : undefined;
}
