/** The k3s that machines download: from the mirror, the cache, or the vendor, and always with the checksum that the stacks ask for. */
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import type { K3sRelease } from '#config/k3s-releases';
import { withLock } from '../toolchain/cache-lock';
import { download } from '../toolchain/download';
import { sha256OfFile } from '../toolchain/sha256';
import { userToolchain } from '../toolchain/toolchain';

export interface K3sSource {
  readonly release: K3sRelease;
  /** Folder that is asked before the vendor, with `k3s/<version>/k3s`. */
  readonly mirror: string | undefined;
  readonly progress: (line: string) => void;
}

/** Where it is kept. */
export function k3sFile({ version }: K3sRelease): string {
  return join(dirname(userToolchain().cache), 'k3s', version, 'k3s');
}

/** Path on the vendor's server, as install-k3s.sh asks for it. */
export function k3sPath({ version }: K3sRelease): string {
  return `/k3s-io/k3s/releases/download/${version.replace('+', '%2B')}/k3s`;
}

/** Has it in the cache. @throws CommandFailure when it cannot be had */
export async function ensureK3s({ release, mirror, progress }: K3sSource): Promise<string> {
  const file = k3sFile(release);
  const waiting = (pid: number) => progress(`waiting for process ${pid}, which is at it`);
  return withLock(`${dirname(file)}.lock`, { waiting }, async () => {
    if (existsSync(file) && (await sha256OfFile(file)) === release.sha256) return file;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const mirrored = mirror === undefined ? undefined : join(mirror, 'k3s', release.version, 'k3s');
    const unfinished = `${file}.new`;
    if (mirrored !== undefined && existsSync(mirrored)) await copyFile(mirrored, unfinished);
    else await fetchK3s(release, unfinished, progress);
    const found = await sha256OfFile(unfinished);
    if (found !== release.sha256) {
      await rm(unfinished);
      throw new CommandFailure(
        `k3s ${release.version} from ${mirrored ?? 'the vendor'} has the SHA-256 ${found}, not ${release.sha256}: refused.`,
      );
    }
    await rename(unfinished, file);
    return file;
  });
}

async function fetchK3s(release: K3sRelease, path: string, progress: (line: string) => void): Promise<void> {
  const url = `https://github.com${k3sPath(release)}`;
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  const show = (received: number, total: number | undefined) => {
    progress(`downloading k3s, ${megabytes(received)}${total === undefined ? '' : ` of ${megabytes(total)}`}`);
  };
  await download(url, path, { progress: show }).catch((cause: Error) => {
    throw new CommandFailure(
      `k3s ${release.version} cannot be had. ${cause.message}\nWhat helps: a way to github.com, or FORGE_MIRROR with k3s/${release.version}/k3s (docs/sandbox.md).`,
      { cause },
    );
  });
}
