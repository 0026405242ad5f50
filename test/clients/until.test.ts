import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '#clients/until';

describe('waiting', () => {
  it('ends with the first answer that is neither undefined nor false', async () => {
    const answers = [undefined, false, 0];
    expect(await until(() => answers.shift(), { every: 1, what: 'a number' })).toBe(0);
  });

  it('fails at its limit, the time of the checks included', async () => {
    let checks = 0;
    const slow = async () => {
      checks++;
      await sleep(40);
      return false;
    };
    await expect(until(slow, { every: 1, limit: 100, what: 'nothing' })).rejects.toThrow('Waited in vain for: nothing');
    expect(checks).toBeLessThan(5);
    const what = () => new Error('gone');
    await expect(until(() => undefined, { every: 1, limit: 0, what })).rejects.toThrow('gone');
  });
});
