/** `forge wait`: until the layers are what Git says. */
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { json } from '../output/text';
import { connect, KUBECONFIG_OPTION } from '../status/connection';
import { describeBlocking } from '../status/describe';
import { manifestSearch } from '../status/manifest-search';
import { processTerminal, type Terminal } from '../output/terminal';
import { durationMs, durationText } from '../output/duration';
import { waitForLayers, type WaitOptions as LayersOptions, type WaitResult } from './wait-for-layers';

export interface WaitOptions extends Pick<LayersOptions, 'pauseMs' | 'compare'> {
  /** Milliseconds. */
  readonly timeout: number;
  readonly kubeconfig?: string;
}

/**
 * @param terminal the default is the process's own
 * @param checkout the folder that holds k8s/, where the files of failing objects are looked for
 */
export function waitCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('wait')
    .description(
      'Ask Argo CD to look at Git, and wait until the root application and all layers are Synced and Healthy.\n' +
        'Says what changes and what fails meanwhile. Exits with 1 and the reason of the first layer that blocks at the time-out.',
    )
    .option('--timeout <duration>', 'such as 90s, 15m, 1h30m', durationMs, durationMs('15m'))
    .option('--json', 'print the layers as JSON at the end')
    .option(...KUBECONFIG_OPTION)
    .addHelpText('after', '\nExample:\n  $ git push && npx forge wait --timeout 5m')
    .action(async (options: WaitOptions & { readonly json?: boolean }) => {
      const result = await wait(terminal, checkout, options);
      if (options.json) terminal.write(json(result));
      else if (result.healthy) terminal.write(`${summary(result)}\n`);
      refuseUnhealthy(result, options);
    });
}

/** Waits until the layers are healthy, and says what changes meanwhile. @throws with the reason when they are not in time */
export async function waitUntilHealthy(terminal: Terminal, options: WaitOptions): Promise<void> {
  refuseUnhealthy(await wait(terminal, process.cwd(), options), options);
}

function refuseUnhealthy(result: WaitResult, { timeout }: WaitOptions): void {
  if (!result.healthy) throw new CommandFailure(failure(result, timeout));
}

async function wait(terminal: Terminal, checkout: string, options: WaitOptions): Promise<WaitResult> {
  const { timeout: timeoutMs, kubeconfig, pauseMs, compare } = options;
  const client = await connect(terminal, kubeconfig);
  try {
    return await waitForLayers(client, {
      timeoutMs,
      pauseMs,
      compare,
      search: manifestSearch(checkout),
      notify: (line) => terminal.notify(`${line}\n`),
    });
  } finally {
    client.close();
  }
}

function summary({ layers, seconds }: WaitResult): string {
  const revisions = [...new Set(layers.flatMap(({ revision }) => (revision ? [revision.slice(0, 7)] : [])))];
  return `All ${layers.length - 1} layers are Synced and Healthy at ${revisions.join(', ')} (${durationText(seconds * 1000)}).`;
}

function failure({ blocking }: WaitResult, timeoutMs: number): string {
  const reason = blocking === undefined ? '' : ` Blocked by ${describeBlocking(blocking)}`;
  return `The layers are not healthy after ${durationText(timeoutMs)}.${reason}\nLook closer with: npx forge status`;
}
