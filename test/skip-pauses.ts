/** Pauses that end at once, for tests of what comes after them. `jest.restoreAllMocks` brings them back. */
import timers from 'node:timers/promises';

/** For those of our own. @returns the milliseconds of each that was asked for */
export function skipPauses(): number[] {
  const asked: number[] = [];
  jest.spyOn(timers, 'setTimeout').mockImplementation((milliseconds = 0) => {
    asked.push(milliseconds);
    return Promise.resolve(undefined as never);
  });
  return asked;
}

/** For timers of exactly these milliseconds, as packages set them. @returns those that were set */
export function skipTimers(...pauses: readonly number[]): number[] {
  const asked: number[] = [];
  const { setTimeout } = globalThis;
  const set = (act: () => void, milliseconds = 0, ...given: []) => {
    if (!pauses.includes(milliseconds)) return setTimeout(act, milliseconds, ...given);
    asked.push(milliseconds);
    return setTimeout(act, 0, ...given);
  };
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(set);
  return asked;
}
