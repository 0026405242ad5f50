import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from './attempts';
import { buildOrigin, goBuild, programOf } from './go-build';
import { findGo } from './go-program';
import type { ToolName } from './pins';
import { downloadsIn, newWorkFolder, publish } from './tool-cache';
import { entryOf } from './tool-entry';
import { pinOf, type Toolchain, type ToolOptions } from './toolchain';
import { vendorFiles } from './vendor-files';

/** Builds tools with Go, all at once because they share most of their sources. For the holder of the lock. */
export function goBuilder(toolchain: Toolchain, { progress, signal }: ToolOptions): Source {
  return async (tools, { ready, attempts }) => {
    const packages = new Map<ToolName, string>();
    for (const tool of tools) {
      const { goPackage } = pinOf(toolchain, tool);
      if (goPackage !== undefined) packages.set(tool, goPackage);
    }
    const [first] = packages.keys();
    if (first === undefined) return;
    const report = (phase: 'downloading' | 'building') => (detail: string) => progress({ tool: first, phase, detail });
    try {
      const vendor = vendorFiles(downloadsIn(toolchain.cache), signal);
      const go = await findGo(toolchain, vendor, { progress: report('downloading'), signal });
      const built = await build(toolchain, go, packages, report('building'), signal);
      for (const [tool, path] of built) ready(tool, path);
    } catch (error) {
      signal?.throwIfAborted();
      for (const tool of packages.keys()) attempts.refused(tool, 'Go build', (error as Error).message);
    }
  };
}

async function build(
  toolchain: Toolchain,
  go: string,
  packages: ReadonlyMap<ToolName, string>,
  progress: (detail: string) => void,
  signal: AbortSignal | undefined,
): Promise<Map<ToolName, string>> {
  const { cache, module } = toolchain;
  const into = await newWorkFolder(cache, 'build');
  progress(`with ${go}: ${[...packages.keys()].join(', ')}`);
  await goBuild({ go, module, packages: [...packages.values()], into, progress, signal });
  const built = new Map<ToolName, string>();
  for (const [tool, goPackage] of packages) {
    const prepared = await newWorkFolder(cache, tool);
    await rename(join(into, programOf(goPackage)), join(prepared, tool));
    built.set(tool, await publish(cache, entryOf(tool, pinOf(toolchain, tool)), prepared, buildOrigin(module)));
  }
  return built;
}
