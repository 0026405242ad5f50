/** Programs that were downloaded or built, each in a folder of its own with a record of what was put there. */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import type { Search } from './installed-program';
import { sha256OfFile } from './sha256';

export interface CacheEntry {
  /** Folder below the cache. */
  readonly folder: string;
  /** The program inside of the folder. */
  readonly program: string;
}

interface CacheRecord {
  /** The vendor's address, or the inputs of the build. */
  readonly origin: string;
  readonly sha256: string;
  readonly size: number;
  readonly mtimeMs: number;
}

const RECORD = 'record.json';
/** Unpacked files and builds under way. What a killed process left there is of no use. */
const WORK = '.work';
const DOWNLOADS = '.downloads';

/** @param origins of today's pins: what has another one was made for other pins and is not used */
export async function findCached(cache: string, entry: CacheEntry, origins: readonly string[]): Promise<Search> {
  const path = join(cache, entry.folder, entry.program);
  const record = readRecord(join(cache, entry.folder));
  if (record === undefined) return { refusal: 'not there' };
  if (!origins.includes(record.origin)) return { refusal: `${path} comes from ${record.origin}, which is out of date` };
  const file = await stat(path).catch(() => undefined);
  if (file === undefined || file.size !== record.size) return { refusal: `${path} is damaged: its size has changed` };
  if (file.mtimeMs === record.mtimeMs) return { path };
  if ((await sha256OfFile(path)) !== record.sha256) return { refusal: `${path} is damaged: its SHA-256 has changed` };
  writeRecord(join(cache, entry.folder), { ...record, mtimeMs: file.mtimeMs });
  return { path };
}

/**
 * Puts a prepared folder in the place of the entry's, in one step. Only for the holder of the lock.
 *
 * @returns the program's path
 */
export async function publish(cache: string, entry: CacheEntry, prepared: string, origin: string): Promise<string> {
  const program = join(prepared, entry.program);
  await chmod(program, 0o755);
  const { size, mtimeMs } = await stat(program);
  writeRecord(prepared, { origin, sha256: await sha256OfFile(program), size, mtimeMs });
  await replaceFolder(cache, entry.folder, prepared);
  return join(cache, entry.folder, entry.program);
}

/** Puts a prepared folder in the place of another one. Programs that run from the old one are not disturbed. */
export async function replaceFolder(cache: string, folder: string, prepared: string): Promise<void> {
  const target = join(cache, folder);
  if (existsSync(target)) await rename(target, join(await newWorkFolder(cache, 'replaced'), folder));
  await rename(prepared, target);
}

/** An empty folder for work in progress, on the cache's own file system so that results can be renamed into place. */
export async function newWorkFolder(cache: string, name: string): Promise<string> {
  const folder = join(cache, WORK, `${process.pid}-${name}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Removes work in progress, also what a killed process left. Only for the holder of the lock. */
export async function clearWork(cache: string): Promise<void> {
  await rm(join(cache, WORK), { recursive: true, force: true });
}

/** Folder of downloads, which stay until all of what is needed is there. */
export function downloadsIn(cache: string): string {
  return join(cache, DOWNLOADS);
}

/** Only for the holder of the lock. */
export async function removeDownloads(cache: string): Promise<void> {
  await rm(downloadsIn(cache), { recursive: true, force: true });
}

function readRecord(folder: string): CacheRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, RECORD), 'utf8')) as CacheRecord;
  } catch {
    return undefined;
  }
}

function writeRecord(folder: string, record: CacheRecord): void {
  writePrivateFile(join(folder, RECORD), `${JSON.stringify(record)}\n`);
}
