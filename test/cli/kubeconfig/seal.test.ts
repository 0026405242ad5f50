import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { armor, Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { parseDocument } from 'yaml';
import { kubeconfigCommand } from '#cli/kubeconfig/command';
import { removeSampleSpaces, temporaryFolder } from '#test/sandbox/cloud/spaces/sample-spaces';
import { sampleOperator, type Operator } from '../sample-operator';

const PLANTED = 'client-key-data: PLANTED-SECRET\n';

describe('forge kubeconfig seal', () => {
  let operator: Operator;
  let folder: string;
  let file: string;

  beforeEach(async () => {
    operator = await sampleOperator((terminal) => kubeconfigCommand(terminal, false));
    folder = temporaryFolder();
    file = join(folder, 'kubeconfig.yaml');
    writeFileSync(file, PLANTED, { mode: 0o600 });
  });
  afterEach(removeSampleSpaces);

  async function listOperators(count: number): Promise<string[]> {
    const identities = await Promise.all(Array.from({ length: count }, () => generateX25519Identity()));
    const recipients = await Promise.all(identities.map(identityToRecipient));
    const config = operator.env['FORGE_CONFIG']!;
    const document = parseDocument(readFileSync(config, 'utf8'));
    document.set(
      'operators',
      recipients.map((ageRecipient, index) => ({ name: `person-${index}`, ageRecipient })),
    );
    writeFileSync(config, document.toString());
    return identities;
  }

  function decrypt(path: string, identity: string): Promise<string> {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return decrypter.decrypt(armor.decode(readFileSync(path, 'utf8')), 'text');
  }

  const startedBy = (payload: string) => {
    operator.env['GITHUB_EVENT_PATH'] = join(folder, 'event.json');
    writeFileSync(join(folder, 'event.json'), payload);
  };

  it('lets each operator read it, and nobody else', async () => {
    const identities = await listOperators(2);
    const { code, output } = await operator.run('seal', file);
    expect(code).toBe(0);
    expect(output).toContain('person-0, person-1');
    expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const identity of identities) expect(await decrypt(file, identity)).toBe(PLANTED);
    await expect(decrypt(file, await generateX25519Identity())).rejects.toThrow();
  });

  it('keeps the original where another file is named', async () => {
    const [identity] = await listOperators(1);
    const sealed = join(folder, 'sealed');
    expect(await operator.run('seal', file, '--out', sealed)).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(PLANTED);
    expect(await decrypt(sealed, identity!)).toBe(PLANTED);
  });

  it('leaves it in clear only in a job of a private repository without operators', async () => {
    startedBy('{"repository":{"private":true}}');
    expect(await operator.run('seal', file)).toMatchObject({ code: 0, output: expect.stringContaining('in clear') });
    expect(readFileSync(file, 'utf8')).toBe(PLANTED);
    await listOperators(1);
    await operator.run('seal', file);
    expect(readFileSync(file, 'utf8')).not.toContain('PLANTED');
  });

  it.each(['{"repository":{"private":false}}', '{"repository":{"private":"true"}}', '{}', 'null', 'no JSON'])(
    'gives it to nobody after the event %s',
    async (payload) => {
      startedBy(payload);
      const out = join(folder, 'out');
      const { code, output } = await operator.run('seal', file, '--out', out);
      expect({ code, output }).toEqual({
        code: 1,
        output: expect.stringContaining('nobody is listed under operators'),
      });
      expect([existsSync(out), readFileSync(file, 'utf8')]).toEqual([false, PLANTED]);
    },
  );

  it('refuses at a keyboard with nobody listed, a file that is not there, and one that is sealed', async () => {
    expect(await operator.run('seal', file)).toMatchObject({
      code: 1,
      output: expect.stringContaining('nobody is listed'),
    });
    await listOperators(1);
    expect(await operator.run('seal', join(folder, 'none'))).toMatchObject({
      code: 1,
      output: expect.stringContaining('There is no file'),
    });
    await operator.run('seal', file);
    appendFileSync(file, '\n');
    expect(await operator.run('seal', file)).toMatchObject({
      code: 1,
      output: expect.stringContaining('sealed already'),
    });
  });
});
