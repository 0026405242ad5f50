import { CommandFailure } from '#clients/failure';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
  try {
    const result = await work(signal);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    for (const name of SIGNALS) process.off(name, interrupt);
  }
}
