import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import bcrypt from 'bcryptjs';
import { parse } from 'yaml';
import { peopleCommand } from '#cli/people/command';
import { configureCommand } from '#cli/configure/command';
import { newFolder } from '#test/new-folder';

const CHECKOUT = join(__dirname, '../../..');
const KEYS = ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'];
const ALICE = `  # Since May.
  - name: alice
    ageRecipient: ${KEYS[0]}
`;
const BOB = `  - name: bob
    ageRecipient: age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg
`;

describe('forge people', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = newFolder('people');
    file = join(folder, 'forge.yaml');
    cpSync(join(CHECKOUT, 'k8s'), join(folder, 'k8s'), { recursive: true });
  });

  const standard = readFileSync(join(CHECKOUT, 'forge.yaml'), 'utf8');
  const list = (operators: string) => {
    const text = standard.replace('operators: []', `operators:${operators}`);
    writeFileSync(file, text);
    return text;
  };
  const read = () => readFileSync(file, 'utf8');
  const operatorsOf = () => readFileSync(join(folder, 'k8s/01-init/operators.yaml'), 'utf8');

  async function run(...args: string[]): Promise<{ code: number; output: string }> {
    return runTyping(undefined, ...args);
  }
  async function runTyping(typed: string[] | undefined, ...args: string[]): Promise<{ code: number; output: string }> {
    let output = '';
    const say = (text: string) => void (output += text);
    const terminal = {
      env: { FORGE_CONFIG: file },
      write: say,
      notify: say,
      ask: undefined,
      askHidden: typed && answers(typed),
    };
    try {
      await peopleCommand(terminal, folder).parseAsync(args, { from: 'user' });
      return { code: 0, output };
    } catch (error) {
      const { message, exitCode } = error as { message: string; exitCode: number };
      return { code: exitCode, output: output + message };
    }
  }
  const check = () => configureCommand(folder, { FORGE_CONFIG: file }).parseAsync(['--check'], { from: 'user' });

  it('lists them', async () => {
    list(`\n${ALICE}${BOB}`);
    expect(await run()).toEqual({ code: 0, output: 'alice: operator\nbob: operator\n' });
    expect(JSON.parse((await run('--json')).output)).toMatchObject([{ name: 'alice' }, { name: 'bob' }]);
    writeFileSync(file, standard);
    expect((await run()).output).toContain('Nobody is listed');
  });

  it.each([
    ['the last of a list', `\n${ALICE}${BOB}`, 'bob', `\n${ALICE.trimEnd()}`],
    ['the first of a list, comments stay', `\n${ALICE}${BOB}`, 'alice', `\n  # Since May.\n${BOB.trimEnd()}`],
    ['the only one', `\n${BOB}`, 'bob', ' []'],
    [
      'one of a list on one line',
      ` [{ name: alice, ageRecipient: ${KEYS[0]} }, ${JSON.stringify({ name: 'bob', ageRecipient: BOB.split(': ')[2]!.trim() })}]`,
      'bob',
      ` [{ name: alice, ageRecipient: ${KEYS[0]} }]`,
    ],
  ])('takes out %s, from forge.yaml and from k8s/, and nothing else', async (_, before, name, after) => {
    jest.spyOn(console, 'log').mockReturnValue(undefined);
    list(before.replace(/\n$/, ''));
    await configureCommand(folder, { FORGE_CONFIG: file }).parseAsync([], { from: 'user' });
    expect(operatorsOf()).toContain(`name: ${name}\n`);
    const { code, output } = await run('remove', name);
    expect([code, output]).toEqual([0, expect.stringContaining('What is left to do')]);
    expect(read()).toBe(standard.replace('operators: []', `operators:${after}`));
    expect(operatorsOf()).not.toContain(`name: ${name}\n`);
    await check();
  });

  it("ends the administrator's certificate, too, when asked", async () => {
    jest.spyOn(console, 'log').mockReturnValue(undefined);
    list(`\n${ALICE}${BOB.trimEnd()}`);
    expect(await run('remove', 'bob', '--administrator')).toMatchObject({ code: 0 });
    expect(read()).toContain('  adminCertificate: 2\n');
    expect(readFileSync(join(folder, 'k8s/01-init/administrator.yaml'), 'utf8')).toContain('name: forge:admin-2\n');
    await check();
  });

  it('writes the generation where forge.yaml does not name it', async () => {
    list(`\n${ALICE}${BOB.trimEnd()}`);
    writeFileSync(file, read().replace(/ {2}adminCertificate: 1\n/, ''));
    await run('remove', 'bob', '--administrator');
    expect(read()).toContain('  adminCertificate: 2\n');
    await check();
  });

  it('changes nothing for somebody who is not listed', async () => {
    const before = list(`\n${ALICE.trimEnd()}`);
    expect(await run('remove', 'carol')).toEqual({
      code: 1,
      output: 'carol is not in forge.yaml, which lists alice. Nothing was changed.',
    });
    expect(read()).toBe(before);
  });

  describe('with a login by passwords', () => {
    const PASSWORD = 'correct horse battery';
    /** By password and cost: a hash takes a quarter of a second, as it should. */
    const hashes = new Map<string, Promise<string>>();
    const { hash } = bcrypt;
    beforeEach(() => {
      const once = (password: string, cost: number) => {
        const key = `${password} ${cost}`;
        if (!hashes.has(key)) hashes.set(key, hash(password, cost));
        return hashes.get(key)!;
      };
      (jest.spyOn(bcrypt, 'hash') as jest.SpyInstance).mockImplementation(once);
    });
    afterEach(() => jest.restoreAllMocks());
    const dex = () =>
      parse(parse(readFileSync(join(folder, 'k8s/01-init/dex.yaml'), 'utf8').split('\n---')[0]!).data['config.yaml'])
        .staticPasswords;
    const layer = () => readFileSync(join(folder, 'k8s/layers/layer-01-init.yaml'), 'utf8');
    const withLogin = (people: string) => {
      const text = list(`\n${ALICE}login:\n  people:${people}`);
      jest.spyOn(console, 'log').mockReturnValue(undefined);
      return text;
    };
    const TWO = `
    # Since June.
    - name: alice
      email: alice@example.org # at work
    - name: carol
      email: carol@example.org
      maintainer: true`;

    it('says what each may do, and who has a password', async () => {
      withLogin(TWO);
      const { output } = await run();
      expect(output).toBe('alice: operator, password not set yet\ncarol: maintainer, password not set yet\n');
    });

    it.each([
      ['a list', TWO],
      ['a list on one line', ' [{ name: alice, email: alice@example.org }]'],
      [
        'one who had another',
        `\n    - { name: alice, email: alice@example.org, passwordHash: $2b$12$${'a'.repeat(53)} }`,
      ],
    ])('keeps the hash of a password alone, in %s', async (_, people) => {
      const before = withLogin(people);
      const { code, output } = await runTyping([PASSWORD, PASSWORD], 'password', 'alice');
      expect([code, output]).toEqual([0, expect.stringContaining('Commit it')]);
      const [person] = parse(read()).login.people;
      expect(person.passwordHash).toBe(await hashes.get(`${PASSWORD} 12`));
      expect(dex()).toEqual([expect.objectContaining({ email: 'alice@example.org', hash: person.passwordHash })]);
      expect(layer()).toContain("exclude: ''\n");
      const rest = (text: string) => text.replace(/(\n *|, )passwordHash: [^ \n}]+/, '');
      expect(rest(read())).toBe(rest(before));
      for (const text of [output, read(), JSON.stringify(dex())]) expect(text).not.toContain(PASSWORD);
      await check();
    });

    it('hashes it with 2^12 rounds', async () => {
      withLogin(TWO);
      await runTyping([PASSWORD, PASSWORD], 'password', 'alice');
      const [person] = parse(read()).login.people;
      expect(person.passwordHash).toMatch(/^\$2b\$12\$/);
      expect(await bcrypt.compare(PASSWORD, person.passwordHash)).toBe(true);
    });

    it('gives whoever is in both lists the role of an operator, and maintainers both', async () => {
      withLogin(TWO);
      await runTyping([PASSWORD, PASSWORD], 'password', 'alice');
      await runTyping([PASSWORD, PASSWORD], 'password', 'carol');
      expect(dex().map(({ username, groups }: any) => [username, groups])).toEqual([
        ['alice', ['operators']],
        ['carol', ['operators', 'maintainers']],
      ]);
    });

    it.each([
      ['too short', ['fourteen chars', ''], 'shorter than 15 characters'],
      ['longer than bcrypt reads', ['x'.repeat(73), ''], 'longer than 72 bytes'],
      ['another one the second time', [PASSWORD, 'correct horse battera'], 'another one the second time'],
      ['not typed by a person', undefined, 'Only the person at a keyboard'],
    ])('refuses one that is %s, and changes nothing', async (_, typed, message) => {
      const before = withLogin(TWO);
      expect(await runTyping(typed, 'password', 'alice')).toEqual({
        code: 2,
        output: expect.stringContaining(message),
      });
      expect(read()).toBe(before);
    });

    it('sets none for somebody whom forge.yaml does not know', async () => {
      withLogin(TWO);
      const { code, output } = await runTyping([PASSWORD, PASSWORD], 'password', 'bob');
      expect([code, output]).toEqual([1, expect.stringContaining('which lists alice, carol')]);
    });

    it('takes a leaver out of both lists, and out of the login', async () => {
      withLogin(TWO);
      await runTyping([PASSWORD, PASSWORD], 'password', 'alice');
      expect(await run('remove', 'alice')).toMatchObject({ code: 0 });
      expect(parse(read())).toMatchObject({ operators: [], login: { people: [{ name: 'carol' }] } });
      expect(dex()).toEqual([]);
      await check();
    });
  });
});

function answers(typed: readonly string[]): () => Promise<string> {
  const left = [...typed];
  return () => Promise.resolve(left.shift() ?? '');
}
