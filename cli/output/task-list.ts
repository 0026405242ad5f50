import { writeSync } from 'node:fs';
import { Listr, PRESET_TIMER, type ListrTask } from 'listr2';
import { INTERRUPTED } from '#clients/program';
import { endsInOrder } from './interruptible';

const SHOW_CURSOR = '\u001B[?25h';

/** Does one task after the other, shown with its time. On Ctrl-C one that is `interruptible` ends in order, any other at once. */
export async function runTasks<Context = unknown>(tasks: ListrTask<Context>[]): Promise<Context> {
  const options = { timer: PRESET_TIMER };
  const list = new Listr<Context>(tasks, {
    rendererOptions: options,
    fallbackRendererOptions: options,
    registerSignalListeners: false,
  });
  const endAtOnce = () => {
    if (endsInOrder()) return;
    // Past the list, which keeps to itself what others write meanwhile.
    if (process.stdout.isTTY) writeSync(process.stdout.fd, SHOW_CURSOR);
    process.exit(INTERRUPTED);
  };
  process.on('SIGINT', endAtOnce);
  try {
    return await list.run();
  } finally {
    process.off('SIGINT', endAtOnce);
  }
}
