import { durationMs, durationText } from '#cli/output/duration';

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
  ])('%s is %i milliseconds', (text, milliseconds) => expect(durationMs(text)).toBe(milliseconds));

  it.each(['', '15', 'm', '15 m', '-1s', '1d'])('is not "%s"', (text) => {
    expect(() => durationMs(text)).toThrow('90s, 15m, 1h30m');
  });

  it('is read in seconds, then in minutes', () => {
    expect([durationText(61_000), durationText(905_000)]).toEqual(['61 s', '15 min 5 s']);
  });
});
