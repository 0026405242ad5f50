/** Builds programs with Go from the modules in go/, whose go.sum pins every source. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { LINKER_STAMPS } from './pins';
import { sha256Of } from './sha256';

export interface GoBuild {
  readonly go: string;
  /** Folder of the module. */
  readonly module: string;
  /** Main packages. */
  readonly packages: readonly string[];
  /** Folder that receives the programs, each named by programOf. */
  readonly into: string;
  readonly progress: (detail: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const SOURCES = ['go.mod', 'go.sum', 'miniredis/main.go'];
const FLAGS = ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags', linkerFlags()];
const REPORT_EVERY_MS = 1000;
/** Lines of a failed build that stand in the error message. */
const TAIL = 12;

/** What the programs depend on: programs of another origin are not the ones that this module gives. */
export function buildOrigin(module: string): string {
  const files = SOURCES.map((file) => join(module, file)).filter((file) => existsSync(file));
  const sources = files.map((file) => readFileSync(file, 'utf8'));
  return `go build ${sha256Of([...sources, ...FLAGS].join('\0')).slice(0, 16)}`;
}

/** The name that Go gives to the program of a main package: the last element of its path, apart from a major version. */
export function programOf(goPackage: string): string {
  return basename(goPackage.replace(/\/v\d+$/, ''));
}

/** Builds all packages in one go. Go's own caches stay where the user has them, so an interrupted build is continued. */
export async function goBuild({ go, module, packages, into, progress, signal }: GoBuild): Promise<void> {
  const child = spawn(go, ['build', '-v', ...FLAGS, '-o', `${into}/`, ...packages], {
    cwd: module,
    env: { ...process.env, ...buildEnvironment() },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Awaited below; an error before that must not count as unhandled.
  ended.catch(() => undefined);
  const counts = { fetched: 0, compiled: 0 };
  const lines: string[] = [];
  const begin = Date.now();
  const report = setInterval(() => {
    const seconds = Math.round((Date.now() - begin) / 1000);
    void describe(into, packages.length, counts).then((state) => progress(`${state} (${seconds} s)`));
  }, REPORT_EVERY_MS);
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      if (line.startsWith('go: downloading ')) counts.fetched++;
      else if (/^[^\s:#]+$/.test(line)) counts.compiled++;
      else lines.push(line);
    }
    const code = await ended;
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`${go} build failed:\n${[...new Set(lines)].slice(-TAIL).join('\n')}`);
  } finally {
    clearInterval(report);
  }
}

/** Programs for this machine that need nothing of it, whatever the person's Go is set to build otherwise. */
function buildEnvironment(): Record<string, string> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return { CGO_ENABLED: '0', GOWORK: 'off', GOOS: process.platform, GOARCH: arch };
}

function linkerFlags(): string {
  return ['-s -w', ...Object.entries(LINKER_STAMPS).map(([variable, value]) => `-X ${variable}=${value}`)].join(' ');
}

async function describe(
  into: string,
  programs: number,
  { fetched, compiled }: { fetched: number; compiled: number },
): Promise<string> {
  const linked = await readdir(into).catch(() => []);
  return [
    ...(fetched > 0 ? [`${fetched} modules fetched`] : []),
    `${compiled} packages compiled`,
    `${linked.length} of ${programs} programs linked`,
  ].join(', ');
}
