/** Finds, downloads or builds the programs that the sandbox runs. */
import { recordAttempts, type Outcome } from './attempts';
import { changeCache } from './change-cache';
import { toolsMissing } from './failure';
import { goBuilder } from './go-tools';
import { findInstalled } from './installed-program';
import type { ToolName, ToolPin } from './pins';
import { findCached, removeDownloads } from './tool-cache';
import { entryOf, originsOf } from './tool-entry';
import { pinOf, userToolchain, type Toolchain, type ToolOptions } from './toolchain';
import { toolDownloader } from './vendor-tools';

/**
 * Absolute paths of the tools, each in its pinned version: from PATH, from the user's cache, from the vendor (verified), or
 * built with Go. May be called by several processes at once, and interrupted at any time.
 *
 * @throws ToolsMissing names each tool that is missing, what was tried, and what to install
 */
export function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  options: ToolOptions,
): Promise<Record<Name, string>> {
  return obtainTools(names, options, userToolchain());
}

/** Like ensureTools, with pins, vendors and folders of the caller's choice. */
export async function obtainTools<Name extends ToolName>(
  names: readonly Name[],
  options: ToolOptions,
  toolchain: Toolchain,
): Promise<Record<Name, string>> {
  const attempts = recordAttempts();
  const paths = new Map<ToolName, string>();
  const take = (phase: 'found' | 'ready') => (tool: ToolName, path: string) => {
    paths.set(tool, path);
    options.progress({ tool, phase, detail: path });
  };
  const missing = () => names.filter((name) => !paths.has(name));

  await lookUp(toolchain, names, { ready: take('found'), attempts });
  // Nothing is downloaded or built for minutes only to say then that a tool must be installed.
  failFor(missing().filter((tool) => isInstalledByPeople(pinOf(toolchain, tool))));
  if (missing().length > 0) {
    await changeCache(toolchain, missing()[0]!, options, async () => {
      await lookInCache(toolchain, missing(), { ready: take('found') });
      for (const source of [toolDownloader(toolchain, options), goBuilder(toolchain, options)]) {
        await source(missing(), { ready: take('ready'), attempts });
      }
      if (missing().length === 0) await removeDownloads(toolchain.cache);
    });
  }
  failFor(missing());
  return Object.fromEntries(paths) as Record<Name, string>;

  function failFor(tools: readonly ToolName[]): void {
    if (tools.length > 0) throw toolsMissing(toolchain, tools, attempts);
  }
}

function isInstalledByPeople({ vendor, goPackage }: ToolPin): boolean {
  return vendor === undefined && goPackage === undefined;
}

async function lookUp(toolchain: Toolchain, tools: readonly ToolName[], { ready, attempts }: Outcome): Promise<void> {
  await Promise.all(
    tools.map(async (tool) => {
      const installed = await findInstalled(tool, pinOf(toolchain, tool), toolchain.path);
      if ('path' in installed) return ready(tool, installed.path);
      attempts.refused(tool, 'PATH', installed.refusal);
      return lookInCache(toolchain, [tool], { ready, attempts });
    }),
  );
}

async function lookInCache(
  toolchain: Toolchain,
  tools: readonly ToolName[],
  { ready, attempts }: Pick<Outcome, 'ready'> & Partial<Outcome>,
): Promise<void> {
  for (const tool of tools) {
    const pin = pinOf(toolchain, tool);
    const cached = await findCached(toolchain.cache, entryOf(tool, pin), originsOf(toolchain, pin));
    if ('path' in cached) ready(tool, cached.path);
    else attempts?.refused(tool, 'cache', cached.refusal);
  }
}
