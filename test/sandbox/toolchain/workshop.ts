/** A machine of its own for each test: PATH, cache, Go module and vendor, none of them the user's. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ToolName, ToolPin, VendorFile } from '#sandbox/toolchain/pins';
import type { Toolchain, ToolProgress } from '#sandbox/toolchain/toolchain';
import { newFolder } from '#test/new-folder';

export interface Workshop {
  readonly folder: string;
  readonly cache: string;
  readonly events: ToolProgress[];
  readonly options: { progress: (event: ToolProgress) => void };
  toolchain(tools: Partial<Record<ToolName, ToolPin>>, vendorGo?: VendorFile): Toolchain;
  /** Puts a shell script on PATH. */
  install(name: string, script: string): string;
  /** Puts a Go on PATH whose programs say "built". */
  installGo(options?: { beforeLink?: string; refusal?: string }): void;
  /** Arguments of each build so far. */
  builds(): string[];
  /** A .tar.gz with these shell scripts. */
  archive(scripts: Record<string, string>): Buffer;
}

export function openWorkshop(): Workshop {
  const folder = newFolder('tools');
  const at = (...path: string[]) => join(folder, ...path);
  const buildLog = at('builds');
  const events: ToolProgress[] = [];
  for (const name of ['bin', 'module/miniredis']) mkdirSync(at(name), { recursive: true });
  writeFileSync(at('module/go.mod'), 'module example\n\ngo 1.26.3\n');
  writeFileSync(at('module/go.sum'), '');
  writeFileSync(at('module/miniredis/main.go'), 'package main\n');
  const install = (name: string, script: string) => {
    writeFileSync(at('bin', name), shellScript(script), { mode: 0o755 });
    return at('bin', name);
  };
  return {
    folder,
    cache: at('cache/forge/tools'),
    events,
    options: { progress: (event) => void events.push(event) },
    toolchain: (tools, vendorGo) => ({
      tools,
      go: {
        version: '1.26.8',
        page: 'https://go.example/install',
        vendor: vendorGo === undefined ? {} : { 'linux/amd64': vendorGo },
      },
      platform: 'linux/amd64',
      path: [at('bin')],
      cache: at('cache/forge/tools'),
      module: at('module'),
    }),
    install,
    installGo: ({ beforeLink = '', refusal = undefined as string | undefined } = {}) =>
      void install('go', fakeGo({ buildLog, beforeLink, refusal })),
    builds: () => (existsSync(buildLog) ? readFileSync(buildLog, 'utf8').trimEnd().split('\n') : []),
    archive: (scripts) => {
      const source = mkdtempSync(at('archive-'));
      for (const [path, script] of Object.entries(scripts)) {
        mkdirSync(dirname(join(source, path)), { recursive: true });
        writeFileSync(join(source, path), shellScript(script), { mode: 0o755 });
      }
      return execFileSync('tar', ['-czf', '-', '-C', source, ...Object.keys(scripts)]);
    },
  };
}

export function shellScript(body: string): string {
  return `#!/bin/sh\n${body}\n`;
}

/** What the program at the path says. */
export function run(path: string): string {
  return execFileSync(path, { encoding: 'utf8' }).trimEnd();
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Understands `go list -m` and `go build … -o <folder>/ <package>…`. */
export function fakeGo(go: { buildLog: string; beforeLink: string; refusal: string | undefined }): string {
  return `
if [ "$1" = list ]; then
  ${go.refusal === undefined ? 'echo example' : `echo "${go.refusal}" >&2; exit 1`}
  exit
fi
echo "$@" >> ${go.buildLog}
while [ "$1" != -o ]; do shift; done
into=$2
shift 2
${go.beforeLink}
for package in "$@"; do
  echo "$package" >&2
  printf '#!/bin/sh\\necho built %s\\n' "$package" > "$into$(basename "$package")"
done`;
}
