import { join } from 'node:path';
import { withLock } from './cache-lock';
import type { ToolName } from './pins';
import { clearWork } from './tool-cache';
import type { Toolchain, ToolOptions } from './toolchain';

/** Runs the work as the only one that changes the cache. Whoever waits for another process says so in the name of the tool. */
export function changeCache<T>(
  { cache }: Toolchain,
  tool: ToolName,
  { progress, signal }: ToolOptions,
  work: () => Promise<T>,
): Promise<T> {
  const waiting = (pid: number) =>
    progress({ tool, phase: 'building', detail: `waiting for process ${pid}, which is downloading or building` });
  return withLock(join(cache, '.lock'), { waiting, signal }, async () => {
    try {
      return await work();
    } finally {
      // Also what a killed process left.
      await clearWork(cache);
    }
  });
}
