import { cronSchedule } from '#config/cron';

/** 2026-11-23 is a Monday. */
const at = (time: string) => new Date(`2026-11-${time}:00Z`);

describe('a cron schedule', () => {
  it.each([
    ['0 */6 * * *', '23T06:00', '23T07:00'],
    ['*/15 * * * *', '23T07:45', '23T07:46'],
    ['30 2-4,22 * * *', '23T22:30', '23T05:30'],
    ['0 0 1 * *', '01T00:00', '02T00:00'],
    ['5/20 * * * *', '23T00:25', '23T00:20'],
    ['0 0 * 11 *', '23T00:00', '23T01:00'],
    ['0 3 * * MON', '23T03:00', '24T03:00'],
    ['0 3 ? oct-DEC mon-fri/2', '25T03:00', '24T03:00'],
    ['0  3 * * *', '23T03:00', '23T04:00'],
    ['0,,30 * * * *', '23T03:30', '23T03:15'],
    ['@weekly', '22T00:00', '23T00:00'],
    ['@hourly', '23T07:00', '23T07:01'],
  ])('%s includes %s and not %s', (text, yes, no) => {
    expect([at(yes), at(no)].map(cronSchedule(text)!)).toEqual([true, false]);
  });

  it('with both days restricted takes either, and a star with a step restricts', () => {
    expect([at('15T00:00'), at('23T00:00'), at('24T00:00')].map(cronSchedule('0 0 15 * 1')!)).toEqual([
      true,
      true,
      false,
    ]);
    expect([at('03T00:00'), at('23T00:00'), at('24T00:00')].map(cronSchedule('0 0 */2 * 1')!)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    '',
    'hourly',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '0 24 * * *',
    '0 0 0 * *',
    '0 0 * 13 *',
    '0 0 * * 7',
    '*/0 * * * *',
    '5-1 * * * *',
    '1-2-3 * * * *',
    ', * * * *',
    '0 0 * MON *',
    'x * * * *',
    '-1 * * * *',
    '* */ * * *',
    '1/2/3 * * * *',
  ])('refuses %j, as k3s does or as it would never come due', (text) => expect(cronSchedule(text)).toBeUndefined());

  it.each(['@every 6h', 'TZ=Europe/Paris 0 3 * * *'])('refuses %s: it does not say at what minute in UTC', (text) =>
    expect(cronSchedule(text)).toBeUndefined(),
  );
});
