/** A machine in a temporary folder: files from user data, the real scripts, and stubs for what touches the world. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { newFolder } from '#test/new-folder';
import { stubs } from './stubs';
import { fileOf, filesOf } from './user-data-files';

const INSTALLED = '/usr/local/';

export interface Run {
  /** Exit code; undefined after a crash. */
  readonly code: number | undefined;
  /** What it printed, standard error included. */
  readonly log: string;
}

export interface Machine {
  readonly root: string;
  /** Runs a command of a unit with the environment file of the user data. Programs in /usr/local are those of the machine. */
  run(command: string, env?: NodeJS.ProcessEnv): Promise<Run>;
  /** Calls of stubs and of k3s so far, with their arguments. */
  calls(): string[];
  /** Sets what the stubs find in the world (stubs.ts); undefined takes it away. */
  world(changes: Readonly<Record<string, string | undefined>>): void;
  write(path: string, content: string, mode?: number): void;
  makeFolder(path: string): void;
  read(path: string): string;
  has(path: string): boolean;
  /** Paths of all files below a folder, relative to it. */
  filesIn(path: string): string[];
  mode(path: string): number;
  /** Removes a file or folder. */
  remove(path: string): void;
}

/** Makes a machine on which cloud-init has written the files of its user data. */
export function machine(userData: string): Machine {
  const folder = newFolder('machine');
  const [root, bin, world] = ['root', 'bin', 'world'].map((name) => join(folder, name)) as [string, string, string];
  const inRoot = (path: string): string => join(root, path);
  const place = (path: string, content: string, mode?: number): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, mode === undefined ? {} : { mode });
  };
  for (const file of filesOf(userData)) place(inRoot(file.path), file.content, file.mode);
  for (const [name, script] of Object.entries(stubs)) place(join(bin, name), script, 0o755);
  for (const name of ['calls', 'pauses']) place(join(world, name), '');
  mkdirSync(inRoot('/usr/local/bin'), { recursive: true });
  const environment = {
    ...parseEnv(fileOf(userData, '/etc/forge/bootstrap.env').content),
    PATH: `${bin}:/usr/bin:/bin`,
    FORGE_ROOT: root,
    WORLD: world,
  };
  return {
    root,
    run: (command, env = {}) => {
      const [program = '', ...args] = command.split(' ');
      return execute(program.startsWith(INSTALLED) ? inRoot(program) : program, args, { ...environment, ...env });
    },
    calls: () => readFileSync(join(world, 'calls'), 'utf8').split('\n').filter(Boolean),
    world: (changes) => {
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) rmSync(join(world, name), { force: true });
        else place(join(world, name), value);
      }
    },
    makeFolder: (path) => void mkdirSync(inRoot(path), { recursive: true }),
    write: (path, content, mode) => place(inRoot(path), content, mode),
    read: (path) => readFileSync(inRoot(path), 'utf8'),
    filesIn: (path) =>
      readdirSync(inRoot(path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(inRoot(path), join(entry.parentPath, entry.name))),
    has: (path) => existsSync(inRoot(path)),
    mode: (path) => statSync(inRoot(path)).mode & 0o777,
    remove: (path) => rmSync(inRoot(path), { recursive: true, force: true }),
  };
}

/** In a process group of its own, which a stub can kill as a whole. */
function execute(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', 'GROUP=$$ exec "$0" "$@"', program, ...args], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    child.stdout.on('data', (data: Buffer) => (log += data.toString()));
    child.stderr.on('data', (data: Buffer) => (log += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? undefined, log }));
  });
}
