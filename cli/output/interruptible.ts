import { CommandFailure } from '#clients/failure';
import { SIGNALS } from '#clients/program';

let atWork = 0;

/** Whether something is at work here that Ctrl-C lets end in order. */
export function endsInOrder(): boolean {
  return atWork > 0;
}

/**
 * Lets work end in order on Ctrl-C, or when its terminal goes.
 *
 * @throws CommandFailure when that happened, whatever became of the work
 */
export async function interruptible<T>(work: (interruption: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const { signal } = interruption;
  const interrupt = () => interruption.abort(new CommandFailure('Interrupted. It can be run again.'));
  for (const name of SIGNALS) process.once(name, interrupt);
  atWork += 1;
  try {
    const result = await work(signal);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    atWork -= 1;
    for (const name of SIGNALS) process.off(name, interrupt);
  }
}
