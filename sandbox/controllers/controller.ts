/** A control loop: compares what is with what should be, and takes the next step, whenever something changes. */
import type { KubernetesClient } from '#clients/kubernetes/client';
import type { KubernetesObject } from '#clients/kubernetes/object';

export interface ClusterView {
  readonly client: KubernetesClient;
  /** What is at one of the controller's paths. It may be older than the last write. */
  objects<T extends KubernetesObject>(path: string): readonly T[];
}

export interface Controller {
  readonly name: string;
  /** Collections of the Kubernetes API; a change in any of them is a reason to look again. */
  readonly watches: readonly string[];
  /** Brings everything closer to what it should be. Harmless when there is nothing to do, and after an interruption. */
  reconcile(view: ClusterView): Promise<void>;
}

export interface ControlLoop {
  /** Something may have changed. */
  trigger(): void;
  stop(): Promise<void>;
}

const RETRY_MS = 1000;

/** @param log gets what fails twice in a row: the first time may be a change that crossed ours */
export function controlLoop(name: string, reconcile: () => Promise<void>, log: (line: string) => void): ControlLoop {
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  let complaint = '';
  let reported = '';

  const succeeded = () => {
    complaint = '';
    reported = '';
  };
  const failed = ({ message }: Error) => {
    if (message === complaint && message !== reported) {
      log(`${name}: ${message}`);
      reported = message;
    }
    complaint = message;
    if (!stopped) retry = setTimeout(trigger, RETRY_MS);
  };
  const trigger = () => {
    again = true;
    if (stopped || running !== undefined) return;
    running = (async () => {
      // Several changes at once are one reason.
      await new Promise(setImmediate);
      while (again && !stopped) {
        again = false;
        clearTimeout(retry);
        await reconcile().then(succeeded, failed);
      }
      running = undefined;
    })();
  };
  return {
    trigger,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await running;
    },
  };
}

/**
 * Does the work for each object; one that fails does not keep the others waiting.
 *
 * @throws what failed first, after all
 */
export async function forEachObject<T extends KubernetesObject>(
  objects: readonly T[],
  work: (object: T) => Promise<unknown>,
): Promise<void> {
  const results = await Promise.allSettled(objects.map(work));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason as Error;
}
