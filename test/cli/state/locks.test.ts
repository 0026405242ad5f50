import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { stateCommand } from '#cli/state/command';
import { removeOwnLocks } from '#cli/state/unlock';
import { injectFault, noConditions } from '#sandbox/cloud/http/faults';
import { STACKS } from '#stacks/stack-names';
import { BUCKET } from '#test/sandbox/cloud/spaces/sample-spaces';
import { sampleOperator, type Operator } from '../sample-operator';
import { LOCK, LOCK_KEY } from './sample-state';

async function locked(options: Parameters<typeof sampleOperator>[1] = { versioning: 'Enabled' }): Promise<Operator> {
  const operator = await sampleOperator(stateCommand, options);
  await operator.put(LOCK_KEY, LOCK);
  return operator;
}

async function isLocked({ run }: Operator): Promise<boolean> {
  return (await run('locks')).output !== 'No state is locked.\n';
}

const HOLDER = 'held by anna@laptop for apply since 2026-11-20 08:00:00 UTC';

const NOBODY = 'held by somebody unknown for an unknown operation, without a lock id';
const ID = `lock id ${LOCK.ID}`;

describe('forge state locks', () => {
  it('says who holds a lock, for what, since when', async () => {
    const { code, output } = await (await locked()).run('locks');
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^network: ${HOLDER} \\(.* ago\\), lock id ${LOCK.ID}\n$`));
  });

  it('says that nothing is locked', async () => {
    const { run } = await sampleOperator(stateCommand);
    expect(await run('locks')).toMatchObject({ code: 0, output: 'No state is locked.\n' });
    expect((await run('locks', '--json')).stdout).toBe('[]\n');
  });

  it('prints JSON for programs', async () => {
    const { stdout } = await (await locked()).run('locks', '--json');
    const { ID: id, Who: who, Operation: operation, Created: created } = LOCK;
    expect(JSON.parse(stdout)).toEqual([{ stack: 'network', id, who, operation, created }]);
  });

  it.each<[string, unknown, string]>([
    ['an empty one', '', NOBODY],
    ['what is no JSON', 'not JSON', NOBODY],
    ['JSON that is cut off', '{"ID":"', NOBODY],
    ['an object without anything', {}, NOBODY],
    ['a list', [], NOBODY],
    ['null', null, NOBODY],
    ['a number', '5', NOBODY],
    ['a text', '"locked"', NOBODY],
    ['values of other types', { ID: 5, Who: null, Operation: {}, Created: 7 }, NOBODY],
    [
      'no id',
      { ...LOCK, ID: '' },
      'held by anna@laptop for apply since 2026-11-20 08:00:00 UTC (AGE), without a lock id',
    ],
    [
      'no owner',
      { ...LOCK, Who: ' ' },
      `held by somebody unknown for apply since 2026-11-20 08:00:00 UTC (AGE), ${ID}`,
    ],
    ['no time', { ...LOCK, Created: '' }, `held by anna@laptop for apply, ${ID}`],
    ["Go's zero time", { ...LOCK, Created: '0001-01-01T00:00:00Z' }, `held by anna@laptop for apply, ${ID}`],
    ['a time that is none', { ...LOCK, Created: '2026-13-45T99:00:00Z' }, `held by anna@laptop for apply, ${ID}`],
    ['a number for a time', { ...LOCK, Created: '5' }, `held by anna@laptop for apply, ${ID}`],
    [
      'a time to come',
      { ...LOCK, Created: '2999-01-01T00:00:00.123456789Z' },
      `held by anna@laptop for apply since 2999-01-01 00:00:00 UTC (which is still to come: a clock is wrong), ${ID}`,
    ],
  ])('says of %s what there is', async (_, content, expected) => {
    const operator = await sampleOperator(stateCommand);
    await operator.put(LOCK_KEY, content);
    const { code, output } = await operator.run('locks');
    expect([code, output.replace(/\(\d+ \w+ ago\)/, '(AGE)')]).toEqual([0, `network: ${expected}\n`]);
  });
});

describe.each([undefined, 'Enabled'] as const)('forge state unlock, with versioning %s', (versioning) => {
  it('removes the lock whose id is given, and says who held it', async () => {
    const operator = await locked({ versioning });
    const { code, output } = await operator.run('unlock', 'network', '--id', LOCK.ID);
    expect(code).toBe(0);
    expect(output).toContain('The state of network is unlocked. It was held by anna@laptop');
    await expect(isLocked(operator)).resolves.toBe(false);
  });

  it('removes whichever lock is there by force', async () => {
    const operator = await locked({ versioning });
    expect(await operator.run('unlock', 'network', '--force', '--json')).toMatchObject({
      code: 0,
      stdout: `${JSON.stringify({ stack: 'network', unlocked: true, id: LOCK.ID, who: LOCK.Who }, null, 2)}\n`,
    });
    await expect(isLocked(operator)).resolves.toBe(false);
  });

  it('leaves a lock alone that changed while the person was asked', async () => {
    const operator = await locked({ versioning });
    const answer = async () => {
      await operator.put(LOCK_KEY, { ...LOCK, ID: 'another', Who: 'ben@desk' });
      return LOCK.ID;
    };
    const { code, output } = await operator.runAnswering(answer, 'unlock', 'network');
    expect(code).toBe(1);
    expect(output).toContain('changed meanwhile and was left alone: it is now held by ben@desk');
    await expect(isLocked(operator)).resolves.toBe(true);
  });
});

it('what a run left that was ended on purpose is removed without a question', async () => {
  const operator = await locked();
  const terminal = { env: operator.env, write: () => undefined, notify: () => undefined, ask: undefined };
  await removeOwnLocks(terminal, STACKS);
  expect(await isLocked(operator)).toBe(false);
});

describe('forge state unlock', () => {
  it('asks for the lock id after it named the holder', async () => {
    const operator = await locked();
    const asked: string[] = [];
    const answer = (question: string) => {
      asked.push(question);
      return Promise.resolve(` ${LOCK.ID} `);
    };
    expect(await operator.runAnswering(answer, 'unlock', 'network')).toMatchObject({ code: 0 });
    expect(asked).toEqual([expect.stringContaining(HOLDER)]);
    await expect(isLocked(operator)).resolves.toBe(false);
  });

  it.each(['', 'yes', 'another-id'])('changes nothing when %j is answered', async (answered) => {
    const operator = await locked();
    const { code, output } = await operator.runAnswering(() => Promise.resolve(answered), 'unlock', 'network');
    expect(code).toBe(1);
    expect(output).toContain('nothing was changed');
    await expect(isLocked(operator)).resolves.toBe(true);
  });

  it('needs the id or force where nobody can answer', async () => {
    const operator = await locked();
    const { code, output } = await operator.run('unlock', 'network');
    expect(code).toBe(2);
    expect(output).toContain(HOLDER);
    expect(output).toContain(`npx forge state unlock network --id ${LOCK.ID}`);
    await expect(isLocked(operator)).resolves.toBe(true);
  });

  it.each(['', '{}', 'not JSON', '{"ID":""}', '{"ID":"two words; $(id)"}', '{"ID":"\\u001b[2J"}'])(
    'removes by force what has no id that can be typed: %j',
    async (content) => {
      const operator = await sampleOperator(stateCommand, { versioning: 'Enabled' });
      await operator.put(LOCK_KEY, content);
      const ask = jest.fn(() => Promise.resolve('yes'));
      for (const refused of [
        await operator.run('unlock', 'network'),
        await operator.runAnswering(ask, 'unlock', 'network'),
      ]) {
        expect(refused.code).toBe(2);
        expect(refused.output).toMatch(/If that run is over: npx forge state unlock network --force$/m);
      }
      expect(ask).not.toHaveBeenCalled();
      const wrong = await operator.run('unlock', 'network', '--id', 'another');
      expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('unlock network --force')]);
      expect(await operator.run('unlock', 'network', '--force')).toMatchObject({ code: 0 });
      await expect(isLocked(operator)).resolves.toBe(false);
    },
  );

  it('has nothing to do where there is no lock', async () => {
    const { run } = await sampleOperator(stateCommand);
    const { code, output } = await run('unlock', 'network', '--force');
    expect({ code, output }).toEqual({ code: 0, output: 'The state of network is not locked.\n' });
  });

  it('leaves a lock alone that is taken in the very moment of the removal', async () => {
    const conditions = noConditions();
    const operator = await locked({ versioning: 'Enabled', conditions });
    const client = operator.spaces.client();
    injectFault(conditions, { operation: `DeleteObject:${BUCKET}/${LOCK_KEY}`, effect: { kind: 'delay', ms: 300 } });
    const unlocking = operator.run('unlock', 'network', '--id', LOCK.ID);
    // The fault is used up as soon as the removal has arrived and waits.
    while (conditions.pending.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: LOCK_KEY }));
    await operator.put(LOCK_KEY, { ...LOCK, ID: 'another', Who: 'ben@desk' });
    const { code, output } = await unlocking;
    expect(code).toBe(1);
    expect(output).toContain('it is now held by ben@desk');
    await expect(isLocked(operator)).resolves.toBe(true);
  });
});
