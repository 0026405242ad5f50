import { Command } from 'commander';
import { STACKS } from '#stacks/stack-names';
import type { Terminal } from '../output/terminal';
import { objectsOf } from './addresses';
import { withSession, type StateSession } from './session';
import { knownStack, stateKeyOf } from './stacks';
import { readState } from './state-file';
import { json, printable } from '../output/text';

interface StackListing {
  readonly stack: string;
  /** Absent when the stack has no state. */
  readonly serial?: number;
  readonly addresses: readonly string[];
}

/** `forge state list [stack]`: the addresses in one stack's state, or in all. */
export function listCommand(terminal: Terminal): Command {
  return new Command('list')
    .summary('list the resources in the state')
    .description('List the addresses of the resources and data sources in the state of a stack, or of all stacks.')
    .argument('[stack]', STACKS.join(', '))
    .option('--json', 'print an array of {stack, serial, addresses}')
    .addHelpText('after', '\nExample:\n  $ npx forge state list network')
    .action((stack: string | undefined, options: { json?: boolean }) => {
      const stacks = stack === undefined ? STACKS : [knownStack(stack)];
      return withSession(terminal, async (session) => {
        const listings = await Promise.all(stacks.map((name) => listing(session, name)));
        terminal.write(options.json ? json(listings) : listings.map(describe).join('\n'));
      });
    });
}

async function listing({ spaces, config }: StateSession, stack: string): Promise<StackListing> {
  const state = await readState(spaces, stateKeyOf(config, stack));
  if (state === undefined) return { stack, addresses: [] };
  return { stack, serial: state.serial, addresses: objectsOf(state).map(({ address }) => address) };
}

function describe({ stack, serial, addresses }: StackListing): string {
  if (serial === undefined) return `${stack}: no state yet. Deploy it with: npx cdktf deploy ${stack}\n`;
  const lines = addresses.map((address) => `  ${printable(address)}\n`);
  return `${stack}: ${addresses.length} in the state, serial ${serial}\n${lines.join('')}`;
}
