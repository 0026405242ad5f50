import { Command } from 'commander';
import { run } from '#cli/forge';

const fail = jest.fn<void, []>();
const origin = jest.fn<string | undefined, []>();
jest.mock('#cli/output/origin-repository', () => ({ originRepository: () => origin() }));
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
    expect(said).toMatch(/TypeError: it is not iterable\n +at [^]*Please report it[^\n]*\n$/);
  });

  it('leads to an issue that is begun, without a word of what the error says', async () => {
    origin.mockReturnValue('acme/forge');
    fail.mockImplementation(() => {
      throw new TypeError('the password is 1234');
    });
    await run(['cost']);
    const link = new URL(said.trim().split('\n').at(-1)!);
    expect(link.origin + link.pathname).toBe('https://github.com/acme/forge/issues/new');
    expect(link.searchParams.get('title')).toBe('forge cost: TypeError that was not foreseen');
    expect(link.search).not.toContain('1234');
  });

  it('says what to do about all else, and asks for no report', async () => {
    fail.mockImplementation(() => {
      throw Object.assign(new Error('Set a token.'), { exitCode: 2 });
    });
    expect(await run(['cost'])).toBe(2);
    expect(said).toBe('Set a token.\n');
  });
});
