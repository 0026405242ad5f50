import { isCronSchedule } from '../../config/cron';

describe('isCronSchedule', () => {
  it.each(['* * * * *', '0 */6 * * *', '15,45 0-6/2 1 jan,MAR-may sun', '59 23 31 12 6', '5/10 * * * *'])(
    'accepts %s',
    (text) => expect(isCronSchedule(text)).toBe(true),
  );

  it.each(
    [
      '',
      '* * * *',
      '* * * * * *',
      '60 * * * *',
      '0 24 * * *',
      '0 0 0 * *',
      '0 0 * 13 *',
      '0 0 * * 7',
      '*/0 * * * *',
    ].concat([
      '5-1 * * * *',
      '1-2-3 * * * *',
      ', * * * *',
      '0 0 * MON *',
      '@daily',
      '0  0 * * *',
      'x * * * *',
      '-1 * * * *',
      '* */ * * *',
    ]),
  )('refuses %j', (text) => expect(isCronSchedule(text)).toBe(false));
});
