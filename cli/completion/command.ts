/** `forge completion`: what a shell offers when Tab is pressed. */
import { Argument, Command } from 'commander';
import { processTerminal, type Terminal } from '../output/terminal';
import { completionScript, SHELLS, type Shell } from './script';

/** @param whole the `forge` command with all that is below it */
export function completionCommand(whole: () => Command, terminal: Terminal = processTerminal()): Command {
  return new Command('completion')
    .description(
      'Print what makes a shell complete the words of forge, also after npx. For every shell to come, append it to ~/.bashrc or ~/.zshrc.',
    )
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', '\nExample:\n  $ eval "$(npx forge completion bash)"')
    .action((shell: Shell) => {
      terminal.write(completionScript(whole(), shell));
    });
}
