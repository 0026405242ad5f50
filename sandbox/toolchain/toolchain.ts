/** What obtaining tools depends on. Tests give it other pins, vendors and folders. */
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { GO_DISTRIBUTION, TOOLS, type Platform, type ToolName, type ToolPin, type VendorFile } from './pins';

export interface Toolchain {
  readonly tools: Readonly<Partial<Record<ToolName, ToolPin>>>;
  readonly go: {
    readonly version: string;
    readonly page: string;
    readonly vendor: Partial<Record<Platform, VendorFile>>;
  };
  /** Like linux/amd64. Vendors' files exist for some platforms only. */
  readonly platform: string;
  /** Folders in which programs are looked for. */
  readonly path: readonly string[];
  /** Folder of the programs that were downloaded or built. */
  readonly cache: string;
  /** Folder of the Go module that requires what can be built; the others are in it. */
  readonly module: string;
}

export interface ToolProgress {
  readonly tool: ToolName;
  readonly phase: 'found' | 'downloading' | 'building' | 'ready';
  /** For people: a path, bytes, packages built so far, or whom it waits for. */
  readonly detail?: string;
}

export interface ToolOptions {
  /** At most about once a second while something is under way. */
  readonly progress: (event: ToolProgress) => void;
  /** Ends downloads and builds; what is finished of them is used the next time. */
  readonly signal?: AbortSignal;
}

/** The pinned tools, looked for and kept where this user has them. */
export function userToolchain(env: NodeJS.ProcessEnv = process.env): Toolchain {
  return {
    tools: TOOLS,
    go: GO_DISTRIBUTION,
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
    path: (env['PATH'] ?? '').split(delimiter).filter(isAbsolute),
    cache: join(cacheHome(env), 'forge', 'tools'),
    module: join(__dirname, 'go'),
  };
}

/** @throws for a tool without a pin */
export function pinOf({ tools }: Toolchain, tool: ToolName): ToolPin {
  const pin = tools[tool];
  if (pin === undefined) throw new Error(`${tool} is not among the pinned tools.`);
  return pin;
}

/** Folder of the Go module that a program is built in. */
export function moduleOf({ module }: Toolchain, { goModule = '.' }: ToolPin): string {
  return join(module, goModule);
}

/** A relative XDG_CACHE_HOME is to be ignored, says the XDG Base Directory Specification. */
function cacheHome(env: NodeJS.ProcessEnv): string {
  const named = env['XDG_CACHE_HOME'] ?? '';
  return isAbsolute(named) ? named : join(homedir(), '.cache');
}
