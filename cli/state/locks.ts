import { Command } from 'commander';
import { STACKS } from '#stacks/stack-names';
import type { Terminal } from '../output/terminal';
import { describeLock, readLock } from './lock-file';
import { withSession } from './session';
import { lockKey } from './stacks';
import { json } from '../output/text';

/** `forge state locks`: which stacks are locked, and by whom. */
export function locksCommand(terminal: Terminal): Command {
  return new Command('locks')
    .summary('show who holds which lock')
    .description('Show which states are locked: by whom, for which operation, since when.')
    .option('--json', 'print an array of {stack, id, who, operation, created}')
    .addHelpText('after', '\nExample:\n  $ npx forge state locks')
    .action((options: { json?: boolean }) =>
      withSession(terminal, async ({ spaces, config }) => {
        const found = await Promise.all(
          STACKS.map(async (stack) => ({ stack, lock: await readLock(spaces, lockKey(config, stack)) })),
        );
        const held = found.flatMap(({ stack, lock }) => (lock === undefined ? [] : [{ stack, lock }]));
        if (options.json) {
          const list = held.map(({ stack, lock: { id, who, operation, created } }) => ({
            stack,
            id,
            who,
            operation,
            created,
          }));
          terminal.write(json(list));
          return;
        }
        const lines = held.map(({ stack, lock }) => `${stack}: ${describeLock(lock, new Date())}\n`);
        terminal.write(lines.length === 0 ? 'No state is locked.\n' : lines.join(''));
      }),
    );
}
