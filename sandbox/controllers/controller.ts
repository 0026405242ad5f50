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

const RETRY_MS = 1000;

export class ControlLoop {
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private retry: NodeJS.Timeout | undefined;
  private lastFailure = '';
  private reported = '';

  /** @param log gets what fails twice in a row: once may be a conflict with somebody else's change */
  constructor(
    private readonly name: string,
    private readonly reconcile: () => Promise<void>,
    private readonly log: (line: string) => void,
  ) {}

  /** Something may have changed. */
  trigger(): void {
    this.again = true;
    if (!this.stopped) this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.running;
  }

  private async run(): Promise<void> {
    // All changes of this moment are in before the first look: one look is enough for them.
    await new Promise(setImmediate);
    while (this.again && !this.stopped) {
      this.again = false;
      clearTimeout(this.retry);
      await this.attempt();
    }
    this.running = undefined;
  }

  private async attempt(): Promise<void> {
    try {
      await this.reconcile();
      this.lastFailure = '';
      this.reported = '';
    } catch (error) {
      const { message } = error as Error;
      if (message === this.lastFailure && message !== this.reported) {
        this.log(`${this.name}: ${message}`);
        this.reported = message;
      }
      this.lastFailure = message;
      if (!this.stopped) this.retry = setTimeout(() => this.trigger(), RETRY_MS);
    }
  }
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
