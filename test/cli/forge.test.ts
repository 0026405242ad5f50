import { Command } from 'commander';
import { run } from '#cli/forge';

const fail = jest.fn<void, []>();
jest.mock('#cli/cost/command', () => ({ costCommand: () => new Command('cost').action(() => fail()) }));

describe('a command that fails', () => {
  let said: string;

  beforeEach(() => {
    said = '';
    jest.spyOn(console, 'error').mockImplementation((line: string) => void (said += `${line}\n`));
  });
  afterEach(() => jest.restoreAllMocks());

  it('asks for a report of what nobody foresaw, with where it was', async () => {
    fail.mockImplementation(() => {
      throw new TypeError('it is not iterable');
    });
    expect(await run(['cost'])).toBe(1);
    expect(said).toMatch(/TypeError: it is not iterable\n +at [^]*Please report it/);
  });

  it('says what to do about all else, and asks for no report', async () => {
    fail.mockImplementation(() => {
      throw Object.assign(new Error('Set a token.'), { exitCode: 2 });
    });
    expect(await run(['cost'])).toBe(2);
    expect(said).toBe('Set a token.\n');
  });
});
