/** Something that needs the API, between opening and closing it. */
import { durationMs } from '../output/duration';
import { interruptible } from '../output/interruptible';
import type { Terminal } from '../output/terminal';
import { removeOpening } from './firewalls';
import { DEFAULT_WAIT, makeOpening, untilReady } from './open';
import { accessSession, describeOpening } from './session';

/** Opens the API as `forge access open` does, works when it answers, and closes again, whatever becomes of the work. */
export async function whileOpen<T>(
  terminal: Terminal,
  options: { readonly address?: string; readonly minutes: number },
  work: () => Promise<T>,
): Promise<T> {
  const { opening, access } = await makeOpening(terminal, options);
  terminal.notify(`Open to ${describeOpening(opening)}\n`);
  try {
    await interruptible((signal) => untilReady(terminal, access, durationMs(DEFAULT_WAIT), signal));
    return await work();
  } finally {
    await removeOpening(accessSession(terminal).client, opening);
    terminal.notify('Closed.\n');
  }
}
