/** One file over HTTP, continued where an earlier try ended. */
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface DownloadOptions {
  /** Bytes that are here, and bytes in all if the server tells. */
  readonly progress: (received: number, total: number | undefined) => void;
  readonly signal?: AbortSignal | undefined;
  /** How long the server may say nothing. */
  readonly silenceMs?: number;
}

const SILENCE_MS = 20_000;
const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

/**
 * Downloads to the path by way of `<path>.part`, which stays when it is interrupted.
 *
 * @returns whether bytes of an earlier try are part of the file
 * @throws with what the server or the network answered
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<{ resumed: boolean }> {
  const part = `${path}.part`;
  const silence = silenceAlarm(options.silenceMs ?? SILENCE_MS);
  const signal = AbortSignal.any([silence.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  try {
    const { response, offset } = await request(url, part, signal);
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isNaN(length) ? undefined : offset + length;
    let received = offset;
    const body = Readable.fromWeb(response.body!).on('data', (chunk: Uint8Array) => {
      silence.restart();
      received += chunk.length;
      options.progress(received, total);
    });
    await pipeline(body, createWriteStream(part, { flags: offset > 0 ? 'a' : 'w', mode: 0o600 }), { signal });
    await rename(part, path);
    return { resumed: offset > 0 };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new Error(`${url}: ${networkReason(error)}`, { cause: error });
  } finally {
    silence.end();
  }
}

/** What the network said, without the layers around it. */
export function networkReason(error: unknown): string {
  // A name with several addresses fails with one error for each.
  const { message, cause, errors } = error as { message: string; cause?: unknown; errors?: readonly unknown[] };
  const inner = cause ?? errors?.[0];
  return inner === undefined ? message : networkReason(inner);
}

async function request(
  url: string,
  part: string,
  signal: AbortSignal,
): Promise<{ response: Response; offset: number }> {
  const offset = existsSync(part) ? (await stat(part)).size : 0;
  // Ranges and lengths of a compressed answer would not be those of the file.
  const headers = { 'accept-encoding': 'identity', ...(offset > 0 ? { range: `bytes=${offset}-` } : {}) };
  const response = await fetch(url, { headers, signal });
  const begin = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (response.status === PARTIAL_CONTENT && begin === String(offset)) return { response, offset };
  if (response.status === RANGE_NOT_SATISFIABLE || response.status === PARTIAL_CONTENT) {
    await response.body?.cancel();
    await rm(part);
    return request(url, part, signal);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`HTTP ${response.status} ${response.statusText}`.trimEnd());
  }
  return { response, offset: 0 };
}

function silenceAlarm(ms: number): { signal: AbortSignal; restart: () => void; end: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`no answer for ${ms / 1000} s`)), ms);
  return { signal: controller.signal, restart: () => void timer.refresh(), end: () => clearTimeout(timer) };
}
