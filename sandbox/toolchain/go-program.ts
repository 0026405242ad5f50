/** The Go compiler: the person's own if it can build the module, else the pinned one from the vendor. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { firstOnPath } from './installed-program';
import { findCached, newWorkFolder, publish } from './tool-cache';
import type { Platform } from './pins';
import type { Toolchain } from './toolchain';
import { unpack } from './unpack';
import type { VendorFiles } from './vendor-files';

const run = promisify(execFile);
/** A Go that is too old for the module fetches a newer one by itself, unless told not to. */
const ANSWER_LIMIT_MS = 180_000;

/**
 * @param toolchain its cache is locked
 * @throws with what each place answered
 */
export async function findGo(
  toolchain: Toolchain,
  vendor: VendorFiles,
  { progress, signal }: { progress: (detail: string) => void; signal?: AbortSignal | undefined },
): Promise<string> {
  const installed = await firstOnPath('go', toolchain.path);
  // It may have to fetch a newer Go before it can answer.
  if (installed !== undefined) progress(`asking ${installed} whether it can build them`);
  const refusal = installed === undefined ? 'no Go on PATH' : await refusalOf(installed, toolchain.module, signal);
  if (installed !== undefined && refusal === undefined) return installed;
  const { version, vendor: files } = toolchain.go;
  const file = files[toolchain.platform as Platform];
  if (file === undefined) throw new Error(`${refusal}; none to download for ${toolchain.platform}`);
  const entry = { folder: `go-${version}`, program: file.member! };
  const cached = await findCached(toolchain.cache, entry, [file.url]);
  if ('path' in cached) return cached.path;
  try {
    const archive = await vendor.fetch(file, (detail) => progress(`Go ${version}: ${detail}`));
    progress(`Go ${version}: unpacking`);
    const folder = await newWorkFolder(toolchain.cache, 'go');
    await unpack(archive, folder);
    return await publish(toolchain.cache, entry, folder, file.url);
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`${refusal}; ${(error as Error).message}`, { cause: error });
  }
}

/** What a Go command inside of the module says. */
export async function runGo(
  go: string,
  args: readonly string[],
  { module, ...limits }: { module: string; signal?: AbortSignal | undefined; timeout?: number },
): Promise<string> {
  const { stdout } = await run(go, [...args], { cwd: module, env: { ...process.env, GOWORK: 'off' }, ...limits });
  return stdout;
}

/** Why this Go cannot build the module: it is asked inside of the module, whose go.mod names the oldest Go that will do. */
async function refusalOf(go: string, module: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    await runGo(go, ['list', '-m'], { module, signal, timeout: ANSWER_LIMIT_MS });
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    const { stderr, message } = error as { stderr?: string; message: string };
    return `${go} cannot build the module: ${(stderr?.trim() || message).split('\n').at(-1)}`;
  }
}
