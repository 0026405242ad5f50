/** What one droplet meets outside. A test may change it while the droplet runs. */
export class Surroundings {
  /** Status of each answer of Spaces, in place of its own. */
  spaces?: number;
  download: 'k3s' | 'something else' | 'slow' = 'k3s';
  /** Who answers at the address of the API, or with which status. */
  api: 'nobody' | 'its cluster' | 'another cluster' | number = 'nobody';
  /** The step in which its k3s ends. */
  deadly?: Step;
  private passed = new Set<string>();
  private readonly holds: { step: Step; reach: () => void; released: Promise<void>; release: () => void }[] = [];

  /** From now on the droplet waits there. */
  hold(step: Step): Hold {
    const reached = signal();
    const released = signal();
    this.holds.push({ step, reach: reached.give, released: released.given, release: released.give });
    return { step, reached: reached.given, release: released.give };
  }

  /** Waits as long as a test holds this step. */
  async pass(step: string): Promise<void> {
    const { passed } = this;
    for (const hold of this.holds.filter((candidate) => candidate.step === step)) {
      hold.reach();
      await hold.released;
    }
    passed.add(step);
  }

  /** Whether it got through since its power came back. */
  hasPassed(step: Step): boolean {
    return this.passed.has(step);
  }

  /** What waited is gone, and no longer held. */
  losePower(): void {
    this.passed = new Set();
    this.releaseAll();
  }

  releaseAll(): void {
    for (const { release } of this.holds) release();
  }
}

/** A path of the metadata service, half of a download, the API, a step of the double of k3s, or the command that a droplet is held before. */
export type Step = 'id' | 'hostname' | 'download' | 'api' | 'command' | 'restore' | 'start' | 'ready';

export interface Hold {
  readonly step: Step;
  /** The droplet is there. */
  readonly reached: Promise<void>;
  release(): void;
}

function signal(): { given: Promise<void>; give: () => void } {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}
