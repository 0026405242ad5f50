/** `forge state`: looks at the Terraform state in Spaces, without Terraform. */
import { Command } from 'commander';
import { processTerminal, type Terminal } from '../output/terminal';
import { copyCommand } from './copy';
import { historyCommand } from './history';
import { listCommand } from './list';
import { locksCommand } from './locks';
import { outputsCommand } from './outputs';
import { showCommand } from './show';
import { unlockCommand } from './unlock';

/** @param terminal the default is the process's own */
export function stateCommand(terminal: Terminal = processTerminal()): Command {
  const command = new Command('state')
    .description(
      'Look at the Terraform state in Spaces, without Terraform. Secrets are never shown.\n' +
        'Needs forge.yaml (or FORGE_CONFIG), SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY.',
    )
    .addHelpText('after', '\nExample:\n  $ npx forge state list network');
  const subcommands = [
    listCommand,
    showCommand,
    outputsCommand,
    historyCommand,
    locksCommand,
    unlockCommand,
    copyCommand,
  ];
  for (const make of subcommands) command.addCommand(make(terminal));
  return command;
}
