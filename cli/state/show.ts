import { Command } from 'commander';
import { closest } from 'fastest-levenshtein';
import { stringify } from 'yaml';
import { STACKS } from '#stacks/stack-names';
import { SpacesFailure } from '#clients/spaces/failure';
import type { Terminal } from '../output/terminal';
import { addressOf, objectsOf, type StateObject } from './addresses';
import { isDynamic } from '../secrets/dynamic-value';
import { withSession } from './session';
import { knownStack, stateKeyOf } from './stacks';
import { requireState } from './state-file';
import { json, printable } from '../output/text';

/** `forge state show <stack> <address>`: the attributes of one resource. */
export function showCommand(terminal: Terminal): Command {
  return new Command('show')
    .summary('show the attributes of a resource')
    .description('Show the attributes of a resource in the state. Secrets are never shown.')
    .argument('<stack>', STACKS.join(', '))
    .argument('<address>', 'as forge state list prints it; without an index, all instances')
    .option('--json', 'print an array of {address, type, attributes}')
    .addHelpText('after', '\nExample:\n  $ npx forge state show network digitalocean_vpc.vpc')
    .action((stack: string, address: string, options: { json?: boolean }) => {
      knownStack(stack);
      return withSession(terminal, async ({ spaces, config }) => {
        const objects = objectsOf(await requireState(spaces, stateKeyOf(config, stack), stack));
        const found = findObjects(objects, address, stack).map(shown);
        terminal.write(options.json ? json(found) : found.map(describe).join('\n'));
      });
    });
}

function findObjects(objects: readonly StateObject[], address: string, stack: string): StateObject[] {
  const found = objects.filter((object) => object.address === address || addressOf(object.resource) === address);
  if (found.length > 0) return found;
  const addresses = objects.map((object) => object.address);
  const advice = addresses.length === 0 ? '' : ` The nearest is ${printable(closest(address, addresses))}.`;
  throw new SpacesFailure(
    `The state of ${stack} has no ${JSON.stringify(address)}.${advice} npx forge state list ${stack} lists all.`,
  );
}

function shown({ address, resource, instance }: StateObject) {
  const attributes = Object.entries(instance.attributes ?? {}).map(([name, value]) => [
    name,
    isDynamic(value) ? value.value : value,
  ]);
  return { address, type: resource.type, attributes: Object.fromEntries(attributes) as object };
}

/** YAML escapes control characters by itself. */
function describe({ address, attributes }: ReturnType<typeof shown>): string {
  return `# ${printable(address)}\n${stringify(attributes, { lineWidth: 0, sortMapEntries: true })}`;
}
