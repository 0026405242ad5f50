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
    await orInterrupted((signal) => untilReady(terminal, access, durationMs(DEFAULT_WAIT), signal));
    return await work();
  } finally {
    await removeOpening(accessSession(terminal).client, opening);
    terminal.notify('Closed.\n');
  }
}

/** A signal would end this process before it closes. */
async function orInterrupted<T>(wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const interrupt = () => waiting.abort(new CommandFailure('Interrupted.'));
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    return await wait(waiting.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}
