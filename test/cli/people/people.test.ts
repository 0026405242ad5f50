import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peopleCommand } from '#cli/people/command';
import { configureCommand } from '#cli/configure/command';

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
    folder = mkdtempSync(join(tmpdir(), 'forge-people-'));
    file = join(folder, 'forge.yaml');
    cpSync(join(CHECKOUT, 'k8s'), join(folder, 'k8s'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const standard = readFileSync(join(CHECKOUT, 'forge.yaml'), 'utf8');
  const list = (operators: string) => {
    const text = standard.replace('operators: []', `operators:${operators}`);
    writeFileSync(file, text);
    return text;
  };
  const read = () => readFileSync(file, 'utf8');
  const operatorsOf = () => readFileSync(join(folder, 'k8s/01-init/operators.yaml'), 'utf8');

  async function run(...args: string[]): Promise<{ code: number; output: string }> {
    let output = '';
    const say = (text: string) => void (output += text);
    const terminal = { env: { FORGE_CONFIG: file }, write: say, notify: say, ask: undefined };
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
    expect(await run()).toEqual({ code: 0, output: 'alice\nbob\n' });
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
      output: 'carol is no operator in forge.yaml, which lists alice. Nothing was changed.',
    });
    expect(read()).toBe(before);
  });
});
