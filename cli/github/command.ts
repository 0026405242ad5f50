/** `forge github`: the repository on GitHub. */
import { Command } from 'commander';
import { processTerminal, type Terminal } from '../output/terminal';
import { setupCommand } from './setup/command';

/**
 * @param terminal the default is the process's own
 * @param checkout the folder that holds .github/
 */
export function githubCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('github')
    .description('Prepare the repository on GitHub.')
    .addCommand(setupCommand(terminal, checkout))
    .addHelpText('after', '\nExample:\n  $ npx forge github setup --check');
}
