import fc from 'fast-check';
import { commentOn, plan, resource } from './sample-plans';

/** Long enough to be told from ordinary words, of any characters. */
const secret = fc
  .oneof(
    fc.string({ minLength: 8, maxLength: 40, unit: 'binary' }),
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

  it('does not hide what is none', () => {
    const change = resource('digitalocean_droplet.a', ['update'], {
      before: { size: 's-1vcpu-1gb' },
      after: { size: 's-1vcpu-2gb' },
    });
    expect(commentOn({ plans: { network: plan(change) } })).toContain('size: "s-1vcpu-1gb" -> "s-1vcpu-2gb"');
  });
});
