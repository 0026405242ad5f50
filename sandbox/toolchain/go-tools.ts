import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from './attempts';
import { buildOrigin, goBuild, programOf } from './go-build';
import { findGo } from './go-program';
import type { ToolName } from './pins';
import { downloadsIn, newWorkFolder, publish } from './tool-cache';
import { entryOf } from './tool-entry';
import { moduleOf, pinOf, type Toolchain, type ToolOptions } from './toolchain';
import { vendorFiles } from './vendor-files';

/** Builds tools with Go, those of a module at once because they share most of their sources. For the holder of the lock. */
export function goBuilder(toolchain: Toolchain, { progress, signal }: ToolOptions): Source {
  return async (tools, { ready, attempts }) => {
    const buildable = tools.filter((tool) => pinOf(toolchain, tool).goPackage !== undefined);
    const [first] = buildable;
    if (first === undefined) return;
    const report = (phase: 'downloading' | 'building') => (detail: string) => progress({ tool: first, phase, detail });
    try {
      const vendor = vendorFiles(downloadsIn(toolchain.cache), signal);
      const go = await findGo(toolchain, vendor, { progress: report('downloading'), signal });
      const folders = new Set(buildable.map((tool) => moduleOf(toolchain, pinOf(toolchain, tool))));
      for (const module of folders) {
        const inModule = buildable.filter((tool) => moduleOf(toolchain, pinOf(toolchain, tool)) === module);
        const order = { go, module, tools: inModule, progress: report('building'), signal };
        for (const [tool, path] of await build(toolchain, order)) ready(tool, path);
      }
    } catch (error) {
      signal?.throwIfAborted();
      for (const tool of buildable) attempts.refused(tool, 'Go build', (error as Error).message);
    }
  };
}

interface BuildOrder {
  readonly go: string;
  readonly module: string;
  readonly tools: readonly ToolName[];
  readonly progress: (detail: string) => void;
  readonly signal: AbortSignal | undefined;
}

async function build(
  toolchain: Toolchain,
  { go, module, tools, progress, signal }: BuildOrder,
): Promise<Map<ToolName, string>> {
  const { cache } = toolchain;
  const packageOf = (tool: ToolName) => pinOf(toolchain, tool).goPackage!;
  const into = await newWorkFolder(cache, 'build');
  progress(`with ${go}: ${tools.join(', ')}`);
  await goBuild({ go, module, packages: tools.map(packageOf), into, progress, signal });
  const built = new Map<ToolName, string>();
  for (const tool of tools) {
    const prepared = await newWorkFolder(cache, tool);
    await rename(join(into, programOf(packageOf(tool))), join(prepared, tool));
    built.set(tool, await publish(cache, entryOf(tool, pinOf(toolchain, tool)), prepared, buildOrigin(module)));
  }
  return built;
}
