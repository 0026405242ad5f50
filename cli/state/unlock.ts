import { Command } from 'commander';
import { STACKS, type StackName } from '#stacks/stack-names';
import { SpacesFailure } from '#clients/spaces/failure';
import type { SpacesClient } from '#clients/spaces/client';
import type { Terminal } from '../output/terminal';
import { describeLock, isTyped, readLock, unlockArguments, type Lock } from './lock-file';
import { withSession } from './session';
import { knownStack, lockKey } from './stacks';
import { json } from '../output/text';

interface UnlockOptions {
  readonly id?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `forge state unlock <stack>`: removes a lock whose holder is gone. */
export function unlockCommand(terminal: Terminal): Command {
  return new Command('unlock')
    .summary('remove a lock that was left behind')
    .description(
      'Remove the lock of a state, after a run that was killed. Make sure first that its holder is not at work any more:\n' +
        'two runs on one state lose resources. The id of the lock is asked for (one without an id is removed with --force); a lock that changed meanwhile is left alone.',
    )
    .argument('<stack>', STACKS.join(', '))
    .option('--id <lock id>', 'the lock to remove, as forge state locks prints it, instead of being asked')
    .option('--force', 'remove whichever lock is there, without being asked')
    .option('--json', 'print {stack, unlocked, id, who}')
    .addHelpText('after', '\nExample:\n  $ npx forge state unlock network --id 5f2c0b9e-6d1a-4c35-9d0f-0a4b7e6d1c2f')
    .action((stack: string, options: UnlockOptions) => {
      knownStack(stack);
      return withSession(terminal, async ({ spaces, config }) => {
        const key = lockKey(config, stack);
        const lock = await readLock(spaces, key);
        if (lock !== undefined) {
          await confirm(terminal, stack, lock, options);
          await removeLock(spaces, key, stack, lock);
        }
        terminal.write(options.json ? json(asJson(stack, lock)) : describe(stack, lock));
      });
    });
}

/** Removes what a run has left that the caller has ended. */
export function removeOwnLocks(terminal: Terminal, stacks: readonly StackName[]): Promise<void> {
  return withSession(terminal, async ({ spaces, config }) => {
    for (const stack of stacks) {
      const key = lockKey(config, stack);
      const lock = await readLock(spaces, key);
      if (lock !== undefined) await removeLock(spaces, key, stack, lock);
    }
  });
}

/** @returns who holds a state, and what to do when that run is over; undefined when nobody does */
export function lockAdvice(terminal: Terminal, stack: StackName): Promise<string | undefined> {
  return withSession(terminal, async ({ spaces, config }) => {
    const lock = await readLock(spaces, lockKey(config, stack));
    return lock && `${heldBy(stack, lock)}\n${unlockAdvice(stack, lock)}`;
  });
}

function heldBy(stack: string, lock: Lock): string {
  return `The state of ${stack} is ${describeLock(lock, new Date())}.`;
}

function unlockAdvice(stack: string, lock: Lock): string {
  return `If that run is over: npx forge state unlock ${stack} ${unlockArguments(lock)}`;
}

/** @throws SpacesFailure unless the person names the lock that is there */
async function confirm(terminal: Terminal, stack: string, lock: Lock, { id, force }: UnlockOptions): Promise<void> {
  if (force) return;
  const [holder, advice] = [heldBy(stack, lock), unlockAdvice(stack, lock)];
  if (id === undefined && (terminal.ask === undefined || !isTyped(lock.id))) {
    throw new SpacesFailure(`${holder}\n${advice}`, { exitCode: 2 });
  }
  const given = id ?? (await terminal.ask!(`${holder}\nIf that run is over, type the lock id to remove it: `)).trim();
  if (given === lock.id && given !== '') return;
  throw new SpacesFailure(
    `${holder}\nThat is not the lock id ${JSON.stringify(given)}: nothing was changed. ${advice}`,
  );
}

/** Removes exactly the lock that was read. */
async function removeLock(spaces: SpacesClient, key: string, stack: string, lock: Lock): Promise<void> {
  const now = await readLock(spaces, key);
  if (now === undefined) return;
  if (!isSame(lock, now)) throw changed(stack, now);
  // By version, so that a lock which somebody takes right now stays. A bucket without versions cannot tell the two apart.
  await spaces.perform((s3, { DeleteObjectCommand }) =>
    s3.send(new DeleteObjectCommand({ Bucket: spaces.bucket, Key: key, VersionId: lock.versionId })),
  );
  const left = await readLock(spaces, key);
  if (left !== undefined) throw changed(stack, left);
}

function isSame(one: Lock, other: Lock): boolean {
  return one.id === other.id && one.etag === other.etag && one.versionId === other.versionId;
}

function changed(stack: string, lock: Lock): SpacesFailure {
  return new SpacesFailure(
    `The lock of ${stack} changed meanwhile and was left alone: it is now ${describeLock(lock, new Date())}.`,
  );
}

function describe(stack: string, lock: Lock | undefined): string {
  if (lock === undefined) return `The state of ${stack} is not locked.\n`;
  return `The state of ${stack} is unlocked. It was ${describeLock(lock, new Date())}.\n`;
}

function asJson(stack: string, lock: Lock | undefined) {
  return { stack, unlocked: lock !== undefined, ...(lock && { id: lock.id, who: lock.who }) };
}
