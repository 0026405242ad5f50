import { Command } from 'commander';
import { STACKS } from '#stacks/stack-names';
import type { Terminal } from '../output/terminal';
import { HIDDEN } from '../secrets/secret-values';
import { withSession } from './session';
import { knownStack, stateKeyOf } from './stacks';
import { requireState } from './state-file';
import type { StateOutput } from './state-format';
import { json, lines } from '../output/text';
import { textTable } from '../output/text-table';

/** `forge state outputs <stack>`: what a stack publishes for the others. */
export function outputsCommand(terminal: Terminal): Command {
  return new Command('outputs')
    .summary('show what a stack publishes')
    .description('Show the outputs of a stack. Secrets are named, but their values are never shown.')
    .argument('<stack>', STACKS.join(', '))
    .option('--json', 'print an object of {value, sensitive} by name; secret ones have no value')
    .addHelpText('after', '\nExample:\n  $ npx forge state outputs network --json')
    .action((stack: string, options: { json?: boolean }) => {
      knownStack(stack);
      return withSession(terminal, async ({ spaces, config }) => {
        const { outputs } = await requireState(spaces, stateKeyOf(config, stack), stack);
        const entries = Object.entries(outputs);
        if (options.json)
          terminal.write(json(Object.fromEntries(entries.map(([name, output]) => [name, asJson(output)]))));
        else if (entries.length === 0) terminal.write(`The stack ${stack} publishes nothing.\n`);
        else terminal.write(lines(textTable(entries.map(([name, { value }]) => [name, asText(value)]))));
      });
    });
}

function asJson({ value, sensitive }: StateOutput) {
  return sensitive || value === HIDDEN ? { sensitive: true } : { value, sensitive: false };
}

/** The first line of a text of several, such as a certificate. */
function asText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const [first = '', ...others] = value.trimEnd().split('\n');
  return others.length === 0 ? first : `${first} … (${others.length + 1} lines; all with --json)`;
}
