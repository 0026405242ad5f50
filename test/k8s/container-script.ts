/** The shell of a manifest, run as it stands on this machine: with stub programs in front, and folders of its own. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '#test/new-folder';
import { containers, type Json } from './manifests';

export interface Workplace {
  readonly folder: string;
  /** Puts a stub into the PATH, before the real programs. It is a shell script and may call `note` to be seen. */
  program(name: string, script: string): void;
  /** What the stubs noted, in order. */
  notes(): string[];
  run(script: string, env?: Readonly<Record<string, string>>): Promise<Outcome>;
}

export interface Outcome {
  readonly code: number;
  /** Standard output and error. */
  readonly log: string;
}

/** Nobody: a program that refuses to run as root, as PostgreSQL does, gets this user where the tests run as root. */
export const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** @param folders of the container, which become folders of the workplace wherever the script names them */
export function workplace(folders: readonly string[] = []): Workplace {
  const folder = newFolder('container');
  const [bin, notes] = [join(folder, 'bin'), join(folder, 'notes')];
  for (const name of ['bin', ...folders]) mkdirSync(join(folder, name), { recursive: true, mode: 0o777 });
  for (const name of ['', ...folders]) chmodSync(join(folder, name), 0o777);
  writeFileSync(notes, '');
  chmodSync(notes, 0o666);
  const program = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\nnote() { echo "$*" >> '${notes}'; }\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  // Nothing is waited for.
  program('sleep', 'note sleep');
  return {
    folder,
    program,
    notes: () => readFileSync(notes, 'utf8').split('\n').filter(Boolean),
    run: (script, env = {}) => {
      const here = folders.reduce((text, path) => text.replaceAll(path, join(folder, path)), script);
      const options = { cwd: folder, env: { PATH: `${bin}:${process.env['PATH']}`, ...env }, ...UNPRIVILEGED };
      return new Promise((resolve) => {
        execFile('sh', ['-ec', here], options, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code), log: `${stdout}${stderr}` });
        });
      });
    },
  };
}

/** @param at as in `containers` of manifests.ts, such as `Deployment rt gitea prepare` */
export function containerAt(at: string): Json {
  return containers.find((entry) => entry.at === at)!.container;
}

/** What a container gives to its shell. */
export function scriptOf(container: Json): string {
  const [shell, options, script] = (container['command'] ?? container['args']) as string[];
  expect([shell, options]).toEqual(['sh', '-ec']);
  return script!;
}
