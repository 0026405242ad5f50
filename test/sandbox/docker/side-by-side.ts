/** Plays stories at the same time, as much of each is waiting, and lets each test wait for its own. */
import { availableParallelism } from 'node:os';

/** A boot keeps a processor busy for some seconds. */
const STORIES_PER_PROCESSOR = 3;

export class SideBySide {
  private readonly endings = new Map<string, Promise<void>>();

  /** For `beforeAll`. Begins with the first ones. */
  start<T>(stories: Readonly<Record<string, T>>, play: (story: T) => Promise<void>): void {
    const places = Array.from({ length: STORIES_PER_PROCESSOR * availableParallelism() }, () => Promise.resolve());
    for (const [index, [name, story]] of Object.entries(stories).entries()) {
      const place = index % places.length;
      const ending = places[place]!.then(() => play(story));
      // Its test tells how it ended.
      places[place] = ending.catch(() => undefined);
      this.endings.set(name, ending);
    }
  }

  /** For the test of this name. */
  async end(name: string): Promise<void> {
    await this.endings.get(name);
  }
}
