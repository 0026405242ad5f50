import { SharedEnvironment } from './shared-environment.cjs';

const nothing = () => undefined;
const CHANGES: readonly [string, () => void][] = [
  ['process.env.PLANTED', () => (process.env['PLANTED'] = 'yes')],
  ['process.env.NO_COLOR', () => delete process.env['NO_COLOR']],
  ['cwd', () => process.chdir('/')],
  ['argv', () => process.argv.push('--planted')],
  ['exitCode', () => (process.exitCode = 3)],
  ['fetch', () => (globalThis.fetch = () => Promise.reject(new Error('planted')))],
  ['the listeners of SIGUSR2', () => process.on('SIGUSR2', nothing)],
];

describe('a test file that shares its process with others', () => {
  const surroundings = () => [
    { ...process.env },
    process.cwd(),
    [...process.argv],
    process.exitCode,
    globalThis.fetch,
    process.listenerCount('SIGUSR2'),
  ];

  it.each(CHANGES)('fails when it leaves %s changed, which is put back', async (name, change) => {
    const before = surroundings();
    const environment = new SharedEnvironment();
    change();
    environment.handleTestEvent({ name: 'teardown' });
    await expect(environment.teardown()).rejects.toThrow(`It leaves ${name} changed for the test files after it.`);
    expect(surroundings()).toEqual(before);
  });

  it.each([
    ['a test of it failed', [{ name: 'test_done', test: { errors: ['failed'] } }, { name: 'teardown' }]],
    ['it could not be loaded', []],
  ])('says only that %s, and all is put back', async (_, events) => {
    const before = surroundings();
    const environment = new SharedEnvironment();
    for (const [, change] of CHANGES) change();
    for (const event of events) environment.handleTestEvent(event);
    await expect(environment.teardown()).resolves.toBeUndefined();
    expect(surroundings()).toEqual(before);
  });

  it('passes when it leaves everything as it was', async () => {
    const environment = new SharedEnvironment();
    process.env['PLANTED'] = 'yes';
    delete process.env['PLANTED'];
    environment.handleTestEvent({ name: 'test_done', test: { errors: [] } });
    environment.handleTestEvent({ name: 'teardown' });
    await expect(environment.teardown()).resolves.toBeUndefined();
  });
});
