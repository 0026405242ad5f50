import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { durationMs } from '../output/duration';
import type { Terminal } from '../output/terminal';
import { removeOpening } from './firewalls';
import { anAddress, DEFAULT_MINUTES, DEFAULT_WAIT, makeOpening, minutes, MOST_MINUTES, untilReady } from './open';
import { accessSession, describeOpening } from './session';

interface Options {
  readonly address?: string;
  readonly minutes: number;
}

/** What a shell says of a program that is not there. */
const NOT_FOUND = 127;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `forge access run -- COMMAND`: open, run, close, whatever becomes of the command. */
export function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .summary('open, run a command, and close')
    .description(
      'Open the API as `open` does, run a command when it answers, and close what was opened, also when the command fails or is\n' +
        "interrupted. Exits with the command's exit code.",
    )
    .argument('<command...>', 'the command, after --')
    .option('--address <ip>', 'the IPv4 address that is let in', anAddress)
    .option('--minutes <number>', `for how long at most, from 1 to ${MOST_MINUTES}`, minutes, DEFAULT_MINUTES)
    .addHelpText('after', '\nExample:\n  $ npx forge access run -- npx forge status')
    .action((command: [string, ...string[]], options: Options) => runOpen(terminal, command, options));
}

async function runOpen(terminal: Terminal, command: [string, ...string[]], options: Options): Promise<void> {
  const { opening, access } = await makeOpening(terminal, options);
  terminal.notify(`Open to ${describeOpening(opening)}\n`);
  try {
    await untilReady(terminal, access, durationMs(DEFAULT_WAIT));
    const code = await finished(command, terminal.env);
    if (code !== 0) process.exitCode = code;
  } finally {
    await removeOpening(accessSession(terminal).client, opening);
    terminal.notify('Closed.\n');
  }
}

/** The command has this terminal. A signal is its business: it gets its own from the terminal, and then this ends in order. */
async function finished([program, ...args]: [string, ...string[]], env: NodeJS.ProcessEnv): Promise<number> {
  const ignore = () => undefined;
  for (const signal of SIGNALS) process.on(signal, ignore);
  try {
    const child = spawn(program, args, { stdio: 'inherit', env });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return code ?? (signal === null ? 1 : 130);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new CommandFailure(`${program} cannot be found (a shell would say ${NOT_FOUND}). It was closed again.`, {
      cause,
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, ignore);
  }
}
