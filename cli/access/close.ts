import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { json, printable } from '../output/text';
import type { Terminal } from '../output/terminal';
import { listOpenings, removeOpening, type Opening } from './firewalls';
import { openerMark } from './opener';
import { accessSession, describeOpening, openingJson } from './session';

interface Options {
  readonly id?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `forge access close`: takes back what was opened from here. */
export function closeCommand(terminal: Terminal): Command {
  return new Command('close')
    .summary('close what was opened from here')
    .description(
      'Remove the openings that this machine and user made, in GitHub Actions those of the same job,\n' +
        'also when the open failed half way. Others stay. Can be run again at any time.',
    )
    .option('--id <id>', 'remove only this one, whoever opened it')
    .option('--all', 'remove every opening of this environment, those of others and of running jobs, too')
    .option('--json', 'print an array of {id, name, address, expires} of what was removed')
    .addHelpText('after', '\nExample:\n  $ npx forge access close')
    .action((options: Options) => close(terminal, options));
}

async function close(terminal: Terminal, options: Options): Promise<void> {
  const { client, config } = accessSession(terminal);
  const isChosen = chosenBy(options, openerMark(terminal.env));
  const openings = await listOpenings(client, config);
  const chosen = openings.filter(isChosen);
  if (options.id !== undefined && chosen.length === 0) throw notOpen(options.id, openings);
  for (const opening of chosen) await removeOpening(client, opening);
  if (options.json) terminal.write(json(chosen.map(openingJson)));
  else terminal.write(describe(chosen));
  const others = openings.filter((opening) => !isChosen(opening));
  if (others.length > 0) terminal.notify(describeOthers(others));
}

function chosenBy({ id, all }: Options, own: string): (opening: Opening) => boolean {
  if (id !== undefined) return (opening) => opening.id === id;
  return all ? () => true : ({ opener }) => opener === own;
}

function notOpen(id: string, openings: readonly Opening[]): CommandFailure {
  const open = openings.map((opening) => `\n  ${describeOpening(opening)}`).join('');
  const others = open === '' ? 'Nothing is open.' : `Open are:${open}`;
  return new CommandFailure(`No opening of this environment has the id ${printable(id)}. ${others}`);
}

function describe(closed: readonly Opening[]): string {
  if (closed.length === 0) return 'Nothing to close.\n';
  return closed.map((opening) => `Closed: ${describeOpening(opening)}\n`).join('');
}

function describeOthers(others: readonly Opening[]): string {
  const lines = others.map((opening) => `  ${describeOpening(opening)}\n`);
  return `Still open by others:\n${lines.join('')}Close one of them with: npx forge access close --id <id>\n`;
}
