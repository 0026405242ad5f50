/** Child processes of the emulated machines: started, watched, ended, and never left behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { lastWords } from './process-log';
import { forgetProcess, rememberProcess } from './process-record';

export interface ProcessSpec {
  /** Unique among the processes that run; also the name of its log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process is gone. */
  readonly ended: Promise<ProcessEnd>;
  /** Asks it to end, insists after the grace time, and returns when it is gone. */
  stop(graceMs?: number): Promise<void>;
}

export interface ProcessEnd {
  readonly succeeded: boolean;
  /** How it ended, and its last words. */
  readonly description: string;
}

export interface ProcessStarter {
  /** @throws if the program cannot be started at all */
  start(spec: ProcessSpec): RunningProcess;
  logFile(name: string): string;
}

const GRACE_MS = 1500;
/** Has the kernel end the process when the sandbox's own process dies, however it dies. Part of util-linux. */
const DEATH_SIGNAL = ['--pdeathsig', 'KILL', '--'];
/** Go's own garbage collection takes a third of the computing of programs that have just started. The limit is a soft one. */
const COLLECTOR = { GOGC: '400', GOMEMLIMIT: '1536MiB' };

/** @param folder keeps a log and a record of each process, both for the owner only */
export function processStarter(folder: string): ProcessStarter {
  const logs = join(folder, 'logs');
  const logFile = (name: string) => join(logs, `${name}.log`);
  const setpriv = findOnPath('setpriv');
  return {
    logFile,
    start(spec) {
      mkdirSync(logs, { recursive: true, mode: 0o700 });
      const log = openSync(logFile(spec.name), 'a', 0o600);
      const [command, ...args] = [
        ...(setpriv === undefined ? [] : [setpriv, ...DEATH_SIGNAL]),
        spec.command,
        ...spec.args,
      ];
      try {
        // A process group of its own: Ctrl-C in the terminal of the sandbox must not reach it first.
        const child = spawn(command!, args, {
          detached: true,
          stdio: ['ignore', log, log],
          env: { PATH: process.env['PATH'], HOME: folder, ...COLLECTOR, ...spec.environment },
        });
        return supervise(folder, spec.name, logFile(spec.name), child);
      } finally {
        closeSync(log);
      }
    },
  };
}

function supervise(folder: string, name: string, logFile: string, child: ChildProcess): RunningProcess {
  const { pid } = child;
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', ({ message }) =>
      resolve({ succeeded: false, description: `${name} could not be started: ${message}` }),
    );
    child.once('exit', (code, signal) => {
      if (pid !== undefined) forgetProcess(folder, pid);
      const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      resolve({ succeeded: code === 0, description: [`${name} ${how}`, ...lastWords(logFile)].join('\n  ') });
    });
  });
  if (pid === undefined) throw new Error(`${child.spawnfile} cannot be started. Is it installed and executable?`);
  rememberProcess(folder, pid, name);
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    name,
    pid,
    ended,
    async stop(graceMs = GRACE_MS) {
      if (running()) child.kill('SIGTERM');
      const insist = setTimeout(() => running() && child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(insist);
    },
  };
}

export function findOnPath(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}
