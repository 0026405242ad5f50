import fc from 'fast-check';
import { commentOn, plan, resource } from './sample-plans';

/** By itself: as a unit of `fc.string` a table of all of them is made first. */
const anyCharacter = fc
  .nat(0x10ffff)
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point));

/** Long enough to be told from ordinary words, of any characters. */
const secret = fc
  .oneof(
    fc.array(anyCharacter, { minLength: 8, maxLength: 40 }).map((characters) => characters.join('')),
    fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }),
    fc.base64String({ minLength: 12, maxLength: 60 }),
    fc.string({ minLength: 8, maxLength: 40 }),
  )
  .map((text) => text.trim())
  .filter((text) => text.length >= 8 && new Set(text).size >= 5 && !text.startsWith('\u00b7'));

const encodings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => JSON.stringify({ nested: text }),
  (text) => JSON.stringify(JSON.stringify([text])),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`user:${text}`).toString('base64'),
  (text) => Buffer.from(JSON.stringify({ auth: text })).toString('base64'),
  (text) => `https://example.org/?key=${encodeURIComponent(text.toWellFormed())}`,
  (text) => `before ${text} after`,
];

function traces(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const base64 = Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1);
  return [text, escaped, base64].filter(({ length }) => length >= 8);
}

describe('a secret', () => {
  it('comes out of no place, in no encoding', () => {
    fc.assert(
      fc.property(secret, fc.nat(encodings.length - 1), fc.nat(encodings.length - 1), (planted, one, other) => {
        const leaking = resource('a.leaking', ['update'], {
          before: { note: 'old', list: ['x'] },
          after: {
            note: encodings[one]!(planted),
            list: [encodings[other]!(planted)],
            [encodings[one]!(planted)]: 'key',
          },
        });
        const marked = resource('a.marked', ['update'], {
          before: { value: 'old value of the secret' },
          after: { value: planted },
          after_sensitive: { value: true },
        });
        const named = resource(`a.named["${planted}"]`, ['delete'], { before: {} });
        const text = commentOn({
          plans: { network: plan(leaking, named), cluster: plan(marked) },
          errors: { 'github-secrets': `Error: refused\n  with ${encodings[other]!(planted)}` },
        });
        for (const trace of traces(planted)) expect(text.includes(trace)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('is hidden where only the name of its attribute tells', () => {
    const text = commentOn({
      plans: {
        network: plan(
          resource('x.y', ['update'], {
            before: { api_token: 'first-planted' },
            after: { api_token: 'second-planted', note: 'has second-planted in it' },
          }),
        ),
      },
    });
    expect(text).not.toMatch(/planted/);
  });

  it('is hidden when only the state, an output or a variable marks it', () => {
    const leak = (value: string) => resource('a.b', ['update'], { before: { note: 'old' }, after: { note: value } });
    const values = { 'state-planted': 1, 'output-planted': 1, 'variable-planted': 1 };
    const text = commentOn({
      plans: {
        network: {
          ...plan(...Object.keys(values).map(leak)),
          prior_state: {
            values: {
              root_module: {
                resources: [{ type: 'a', values: { v: 'state-planted' }, sensitive_values: { v: true } }],
              },
              outputs: { o: { sensitive: true, value: 'output-planted' } },
            },
          },
          variables: { v: { value: 'variable-planted' } },
          configuration: { root_module: { variables: { v: { sensitive: true } } } },
        },
      },
    });
    expect(text).not.toContain('planted');
  });

  const pair = (value: unknown) => ({ env: [{ name: 'LOG', value: 'x' }, value] });
  const named: Readonly<Record<string, object>> = {
    'a pair': pair({ name: 'SOME_API_KEY', value: 'PLANTED' }),
    'a pair in another order': pair({ value: 'PLANTED', type: '', name: 'configs.secret.githubSecret' }),
    'a pair of a key': pair({ key: 'password', value: 'PLANTED' }),
    'a nested pair': { spec: { containers: [pair({ Name: 'token', Value: { deep: ['PLANTED'] } })] } },
    'a short value of a pair': pair({ name: 'password', value: 'PLANTED'.slice(0, 3) }),
    'the attributes themselves': { variable_name: 'MY_TOKEN', value: 'PLANTED' },
    'a secret of GitHub': { set: [{ secret_name: 'A', value: 'PLANTED' }] },
    arguments: { command: ['login', '--password', 'PLANTED'] },
    'arguments with a sign': { command: ['login', '--password=PLANTED'] },
    'an environment in a list': { env: ['A=b', 'A_TOKEN=PLANTED'] },
    'an object of Kubernetes': { manifest: { kind: 'Secret', stringData: { user: 'PLANTED' } } },
    'a script': { script: 'export PGPASSWORD=PLANTED; pg_dump' },
    'a header': { header: 'Authorization: Basic PLANTED' },
    'values in YAML': { text: 'env:\n  - name: A_TOKEN\n    value: PLANTED\n' },
    'a pair in JSON': { text: JSON.stringify({ list: [{ value: 'PLANTED', more: {}, name: 'A_TOKEN' }] }) },
  };

  it.each(Object.entries(named))('is hidden in %s', (_name, after) => {
    const change = resource('terraform_data.a', ['update'], { before: { other: 1 }, after });
    expect(commentOn({ plans: { network: plan(change) } })).not.toContain('PLA');
  });

  it('is found in a log where it is broken', () => {
    const planted = 'Zq7-first-half-of-it-second-half';
    const marked = resource('a.b', ['no-op'], { before: { v: planted }, before_sensitive: { v: true } });
    const text = commentOn({
      plans: { network: plan(marked) },
      errors: { cluster: `\u2502 Error: not\n\u2502   Zq7-first-half\n\u2502   -of-it-second-half\n` },
    });
    expect(text).not.toMatch(/first-half|second-half/);
  });

  it('does not make the names around it secrets', () => {
    const marked = resource('helm_release.a', ['no-op'], {
      before: { set_sensitive: [{ name: 'configs.secret.githubSecret', type: 'string', value: 'PLANTED-Jx7v' }] },
      before_sensitive: { set_sensitive: true },
    });
    const names = ['name', 'type', 'value', 'key', 'token_type', 'secret_name', 'password_policy', 'set_sensitive'];
    const values = (value: string) => Object.fromEntries(names.map((name) => [name, value]));
    const change = resource('x.y', ['update'], { before: values('string'), after: values('number') });
    const words = resource('word.z', ['no-op'], { before: { password: 'policy', api_token: 'name', token: 'token_' } });
    const block = resource('x.z', ['update'], {
      before: { block: [{ name: 'configs.secret.githubSecret', type: 'a' }] },
      after: { block: [{ name: 'configs.secret.githubSecret', type: 'b' }] },
    });
    const text = commentOn({ plans: { network: plan(change, block), cluster: plan(marked, words) } });
    for (const name of names.slice(0, -1)) expect(text).toContain(`      ${name}: "string" -> "number"`);
    expect(text).toContain('"name":"configs.secret.githubSecret","type":"b"');
  });

  it('does not hide a switch', () => {
    const change = resource('x.y', ['update'], {
      before: { automount_service_account_token: true },
      after: { automount_service_account_token: false },
    });
    expect(commentOn({ plans: { network: plan(change) } })).toContain('_token: true -> false');
  });

  it('does not hide what is none', () => {
    const change = resource('digitalocean_droplet.a', ['update'], {
      before: { size: 's-1vcpu-1gb' },
      after: { size: 's-1vcpu-2gb' },
    });
    expect(commentOn({ plans: { network: plan(change) } })).toContain('size: "s-1vcpu-1gb" -> "s-1vcpu-2gb"');
  });
});
