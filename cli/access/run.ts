import { Command } from 'commander';
import { runAttached } from '#clients/program';
import type { Terminal } from '../output/terminal';
import { anAddress, DEFAULT_MINUTES, minutes, MOST_MINUTES } from './open';
import { whileOpen } from './while-open';

interface Options {
  readonly address?: string;
  readonly minutes: number;
}

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

async function runOpen(terminal: Terminal, [program, ...args]: [string, ...string[]], options: Options): Promise<void> {
  const code = await whileOpen(terminal, options, () => runAttached(program, args, { env: terminal.env }));
  if (code !== 0) process.exitCode = code;
}
