import { Command } from 'commander';
import { json } from '../output/text';
import type { Terminal } from '../output/terminal';
import { accessSession, describeOpening, openingJson, removeExpired } from './session';

/** `forge access sweep`: removes what jobs that died left open. */
export function sweepCommand(terminal: Terminal): Command {
  return new Command('sweep')
    .summary('remove the openings whose time is over')
    .description(
      'Remove the openings of this environment whose time is over: those of jobs that died, and of people who forgot.',
    )
    .option('--json', 'print an array of {id, name, address, expires}')
    .addHelpText('after', '\nExample:\n  $ npx forge access sweep')
    .action(async (options: { json?: boolean }) => {
      const removed = await removeExpired(accessSession(terminal));
      const lines = removed.map((opening) => `Removed: ${describeOpening(opening)}\n`);
      if (options.json) terminal.write(json(removed.map(openingJson)));
      else terminal.write(lines.length === 0 ? 'No opening is past its time.\n' : lines.join(''));
    });
}
