/** Something that needs the API, between opening and closing it. */
import { CommandFailure } from '#clients/failure';
import { durationMs } from '../output/duration';
import type { Terminal } from '../output/terminal';
import { removeOpening } from './firewalls';
import { DEFAULT_WAIT, makeOpening, untilReady } from './open';
import { accessSession, describeOpening } from './session';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Opens the API as `forge access open` does, works when it answers, and closes again, whatever becomes of the work. */
export async function whileOpen<T>(
  terminal: Terminal,
  options: { readonly address?: string; readonly minutes: number },
  work: () => Promise<T>,
): Promise<T> {
  const { opening, access } = await makeOpening(terminal, options);
  terminal.notify(`Open to ${describeOpening(opening)}\n`);
  try {
    await orInterrupted(untilReady(terminal, access, durationMs(DEFAULT_WAIT)));
    return await work();
  } finally {
    await removeOpening(accessSession(terminal).client, opening);
    terminal.notify('Closed.\n');
  }
}

/** A signal would end this process before it closes. */
async function orInterrupted<T>(waiting: Promise<T>): Promise<T> {
  let interrupt = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => reject(new CommandFailure('Interrupted.'));
  });
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    return await Promise.race([waiting, interrupted]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}
