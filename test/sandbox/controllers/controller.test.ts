import { ControlLoop, forEachObject } from '#sandbox/controllers/controller';
import { eventually } from '../cluster/running-sandbox';

describe('a control loop', () => {
  it('looks once more for a change that came while it looked', async () => {
    let runs = 0;
    const loop = new ControlLoop(
      'test',
      () => {
        runs++;
        if (runs === 1) for (let i = 0; i < 3; i++) loop.trigger();
        return Promise.resolve();
      },
      () => undefined,
    );
    loop.trigger();
    loop.trigger();
    await eventually(() => expect(runs).toBe(2));
    await loop.stop();
    loop.trigger();
    expect(runs).toBe(2);
  });

  it('tries again by itself, and reports only what fails twice, once', async () => {
    const log: string[] = [];
    const failures = ['a conflict', 'no such kind', 'no such kind', 'no such kind'];
    let runs = 0;
    const reconcile = () => {
      const failure = failures[runs++];
      return failure === undefined ? Promise.resolve() : Promise.reject(new Error(failure));
    };
    const loop = new ControlLoop('volumes', reconcile, (line) => log.push(line));
    loop.trigger();
    await eventually(() => expect(runs).toBe(5));
    expect(log).toEqual(['volumes: no such kind']);
    await loop.stop();
  });

  it('works on the other objects when one fails', async () => {
    const done: string[] = [];
    const objects = ['one', 'two', 'three'].map((name) => ({ metadata: { name } }));
    const work = ({ metadata: { name } }: (typeof objects)[number]) => {
      if (name === 'one') return Promise.reject(new Error('refused'));
      done.push(name);
      return Promise.resolve();
    };
    await expect(forEachObject(objects, work)).rejects.toThrow('refused');
    expect(done).toEqual(['two', 'three']);
  });
});
