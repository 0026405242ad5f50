/** Files of vendors: downloaded one at a time, verified, and none of them used before. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { download, networkReason } from './download';
import type { VendorFile } from './pins';
import { checksumIn, sha256Of, sha256OfFile } from './sha256';

export interface VendorFiles {
  /**
   * Downloads a file once, however often it is asked for.
   *
   * @returns its path; it is whole and has the vendor's checksum
   * @throws when the vendor cannot be reached or the file is not what it should be
   */
  readonly fetch: (file: VendorFile, progress: (detail: string) => void) => Promise<string>;
}

const REACH_LIMIT_MS = 3000;
const REPORT_EVERY_MS = 1000;
const MEGABYTE = 1e6;

/** @param folder keeps interrupted downloads for the next time */
export function vendorFiles(folder: string, signal?: AbortSignal): VendorFiles {
  const fetched = new Map<string, Promise<string>>();
  let reach: Promise<void> | undefined;
  return {
    async fetch(file, progress) {
      // The first file's host answers for all of them, so that a machine without network loses no time on each.
      await (reach ??= reachHost(file.url, signal));
      const known = fetched.get(file.url) ?? fetchVerified(folder, file, progress, signal);
      fetched.set(file.url, known);
      return known;
    },
  };
}

async function reachHost(url: string, signal: AbortSignal | undefined): Promise<void> {
  const limit = AbortSignal.timeout(REACH_LIMIT_MS);
  try {
    await fetch(new URL(url).origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const reason = limit.aborted ? `no answer within ${REACH_LIMIT_MS / 1000} s` : networkReason(error);
    throw new Error(`${new URL(url).host} cannot be reached: ${reason}`, { cause: error });
  }
}

async function fetchVerified(
  folder: string,
  file: VendorFile,
  progress: (detail: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${sha256Of(file.url).slice(0, 12)}-${basename(file.url)}`);
  const expected = await expectedChecksum(file, folder, signal);
  const attempt = () => download(file.url, path, { progress: inMegabytes(progress), signal });
  const continued = existsSync(path) || (await attempt()).resumed;
  let actual = await sha256OfFile(path);
  if (actual !== expected && continued) {
    // What an earlier try left may have been of another file.
    await rm(path);
    await attempt();
    actual = await sha256OfFile(path);
  }
  if (actual === expected) return path;
  await rm(path);
  throw new Error(`${file.url}: refused and removed. Its SHA-256 is ${actual}, it must be ${expected}`);
}

async function expectedChecksum(
  { url, checksum }: VendorFile,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  if ('sha256' in checksum) return checksum.sha256;
  const path = join(folder, `${sha256Of(checksum.published).slice(0, 12)}-${basename(checksum.published)}`);
  await rm(`${path}.part`, { force: true });
  await download(checksum.published, path, { progress: () => undefined, signal });
  const expected = checksumIn(await readFile(path, 'utf8'), basename(url));
  await rm(path);
  if (expected === undefined) throw new Error(`${checksum.published} has no SHA-256 of ${basename(url)}`);
  return expected;
}

/** Reports at most once a second. */
function inMegabytes(report: (detail: string) => void): (received: number, total: number | undefined) => void {
  let last = 0;
  return (received, total) => {
    if (Date.now() - last < REPORT_EVERY_MS) return;
    last = Date.now();
    const of = total === undefined ? '' : ` of ${Math.ceil(total / MEGABYTE)}`;
    report(`${Math.floor(received / MEGABYTE)}${of} MB`);
  };
}
