/** `forge deploy`: the stacks in their order, for a person at a keyboard. */
import { Argument, Command } from 'commander';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { STACKS, type StackName } from '#stacks/stack-names';
import { processTerminal, type Terminal } from '../output/terminal';
import { OWN_CDKTF, type Cdktf } from '../plan/synth';
import { deployStacks } from './deploy-stacks';
import { refuseMissingVariables } from './variables';

/**
 * @param terminal the default is the process's own
 * @param cdktf the default is that of this checkout
 */
export function deployCommand(terminal: Terminal = processTerminal(), cdktf: Cdktf = OWN_CDKTF): Command {
  return new Command('deploy')
    .description(
      'Deploy the stacks in their order, each as `cdktf deploy` does, which shows its plan and asks before it changes anything. For the\n' +
        'stacks behind the Kubernetes API, open it to this machine and close it again, whatever becomes of the deploy. Old openings are\n' +
        'closed first, and the files with tokens and keys beside the synthesised stacks are removed at the end.',
    )
    .addArgument(new Argument('[stacks...]', 'only these').choices(STACKS))
    .option('--auto-approve', 'do not ask; needed where nobody can be asked')
    .addHelpText('after', '\nExample:\n  $ npx forge deploy network')
    .action(async (wanted: StackName[], { autoApprove = false }: { autoApprove?: boolean }) => {
      const stacks = STACKS.filter((stack) => wanted.length === 0 || wanted.includes(stack));
      refuseMissingVariables(terminal.env, loadConfig(configFile(terminal.env)), stacks);
      await deployStacks(terminal, { cdktf, stacks, autoApprove });
      terminal.write(`Deployed: ${stacks.join(', ')}\n`);
    });
}
