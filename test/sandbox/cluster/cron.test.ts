import { cronSchedule } from '../../../sandbox/cluster/cron';

/** 2026-11-23 is a Monday. */
const at = (time: string) => new Date(`2026-11-${time}:00Z`);

describe('a cron schedule', () => {
  it.each([
    ['0 */6 * * *', '23T06:00', '23T07:00'],
    ['*/15 * * * *', '23T07:45', '23T07:46'],
    ['30 2-4,22 * * *', '23T22:30', '23T05:30'],
    ['0 0 1 * *', '01T00:00', '02T00:00'],
    ['0 0 * * 1', '23T00:00', '24T00:00'],
    ['0 0 15 * 1', '15T00:00', '24T00:00'],
    ['5/20 * * * *', '23T00:25', '23T00:20'],
    ['0 0 * 11 *', '23T00:00', '23T01:00'],
  ])('%s includes %s and not %s', (expression, yes, no) => {
    expect([at(yes), at(no)].map(cronSchedule(expression))).toEqual([true, false]);
  });

  it('with both days restricted takes either', () => {
    expect([at('15T00:00'), at('23T00:00')].map(cronSchedule('0 0 15 * 1'))).toEqual([true, true]);
  });

  it.each(['hourly', '* * * *', '60 * * * *', '* 5-2 * * *', '*/0 * * * *', 'x * * * *'])(
    'refuses %s',
    (expression) => {
      expect(() => cronSchedule(expression)).toThrow('cron expression');
    },
  );
});
