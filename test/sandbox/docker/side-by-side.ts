/** Stories of machines, each a test: played at the same time, as much of each is waiting. */
import { availableParallelism } from 'node:os';
import { Lab, LIMIT_MS } from './lab';
import { withMachines } from './with-machines';

/** A boot keeps a processor busy for some seconds. */
const STORIES_PER_PROCESSOR = 3;

class SideBySide {
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

/** @param enter is given the lab before the first story begins */
export function tellSideBySide<T>(
  title: string,
  stories: Readonly<Record<string, T>>,
  enter: (lab: Lab) => void,
  play: (story: T) => Promise<void>,
): void {
  withMachines(title, () => {
    const all = new SideBySide();
    let lab: Lab;
    beforeAll(async () => {
      lab = await Lab.open();
      enter(lab);
      all.start(stories, play);
    }, LIMIT_MS);
    afterAll(() => lab.close(), LIMIT_MS);

    it.each(Object.keys(stories))('%s', (name) => all.end(name), LIMIT_MS);
  });
}
