import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { digitalOcean } from '#clients/digitalocean/client';
import { github } from '#clients/github/client';
import { readEnvironment } from '#config/environment';
import { loadConfig } from '#config/load';
import { readToken, withoutTokens } from '#config/tokens';

const config = loadConfig(resolve(__dirname, 'valid/operators-and-secrets.yaml'));
const TOKENS = [
  'DIGITALOCEAN_TOKEN',
  'FORGE_CLUSTER_TOKEN',
  'GITHUB_TOKEN',
  'SPACES_ACCESS_KEY_ID',
  'SPACES_SECRET_ACCESS_KEY',
] as const;
const BROKEN = [
  ['dop_v1_planted\n', 'ends with a line break'],
  ['dop_v1_planted\r\n', 'ends with a line break'],
  ['dop_v1_a\nplanted', 'has a line break in it'],
  ['dop_v1_a\rplanted', 'has a line break in it'],
  ['\ndop_v1_planted', 'has a line break in it'],
  ['dop_v1_a\tplanted', 'has a tab or another control character in it'],
  ['\tdop_v1_planted', 'has a tab or another control character in it'],
  ['dop_v1_a\u0000planted', 'has a tab or another control character in it'],
  ['\u001b[200~dop_v1_planted', 'has a tab or another control character in it'],
  ['dop_v1_planted\u007f', 'has a tab or another control character in it'],
  ['dop_v1_a\u0085planted', 'has a tab or another control character in it'],
  [' dop_v1_planted', 'begins or ends with a blank'],
  ['dop_v1_planted ', 'begins or ends with a blank'],
  ['\ufeffdop_v1_planted', 'begins or ends with a blank'],
  ['dop_v1_planted\u00a0', 'begins or ends with a blank'],
  ['   ', 'is blank'],
  ['\n', 'is blank'],
] as const;
const NO_TOKEN = [
  ['dop_v1_a planted', 'has a blank in it'],
  ['"dop_v1_planted"', 'has quotes around it'],
  ["'dop_v1_planted'", 'has quotes around it'],
  ['dop_v1_plänted', 'has a character in it that is not ASCII'],
  ['dop_v1_\u200bplanted', 'has a character in it that is not ASCII'],
  ['\u201cdop_v1_planted\u201d', 'has a character in it that is not ASCII'],
  ['dop_v1_\ud800planted', 'has a character in it that is not ASCII'],
] as const;

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toMatchObject({ exitCode: 2 });
    return inspect(error);
  }
  throw new Error('Nothing was refused');
}

describe('a token as it is pasted', () => {
  describe.each(TOKENS)('in %s', (name) => {
    it.each([...BROKEN, ...NO_TOKEN])('is refused by name and never shown: %j', (value, fault) => {
      const message = messageOf(() => readEnvironment({ [name]: value }, config));
      expect(message).toContain(`The environment variable ${name} ${fault}.`);
      expect(message).not.toMatch(/planted|plänted/);
    });
  });

  it('is refused before anything is asked', () => {
    const broken = 'planted\nplanted';
    expect(messageOf(() => digitalOcean({ DIGITALOCEAN_TOKEN: broken }))).toContain('DIGITALOCEAN_TOKEN has a line');
    expect(messageOf(() => github({ GITHUB_TOKEN: broken }, () => undefined))).toContain('GITHUB_TOKEN has a line');
  });

  it('is refused with all others that are broken', () => {
    const message = messageOf(() => readEnvironment({ DIGITALOCEAN_TOKEN: 'a\n', GITHUB_TOKEN: ' b' }, config));
    expect(message).toMatch(/DIGITALOCEAN_TOKEN ends[^]*GITHUB_TOKEN begins/);
  });

  it('is taken when it is whole, and absent when it is empty', () => {
    expect(readToken({ GITHUB_TOKEN: 'github_pat_11A/+=._-~:"x' }, 'GITHUB_TOKEN')).toBe('github_pat_11A/+=._-~:"x');
    expect(readToken({ GITHUB_TOKEN: '' }, 'GITHUB_TOKEN')).toBeUndefined();
    expect(readToken({}, 'GITHUB_TOKEN')).toBeUndefined();
  });
});

describe('the password of the backups', () => {
  it.each(BROKEN)('is refused for what a paste adds: %j', (value, fault) => {
    const message = messageOf(() => readEnvironment({ BACKUP_PASSWORD: value }, config));
    expect(message).toContain(`BACKUP_PASSWORD ${fault}`);
    expect(message).not.toContain('planted');
  });

  it.each(['correct horse battery staple', 'pässwörd', '"quoted"'])('may be what a person chooses: %j', (value) => {
    expect(() => readEnvironment({ BACKUP_PASSWORD: value }, config)).not.toThrow();
  });
});

describe('a value of `secrets:`', () => {
  it.each(['-----BEGIN KEY-----\nabc\n-----END KEY-----\n', ' blank ', 'ü'])('is taken as it is: %j', (value) => {
    expect(readEnvironment({ POSTGRES_PASSWORD: value }, config).secretValues.get('POSTGRES_PASSWORD')).toBe(value);
  });
});

describe('an error that holds a token', () => {
  const value = 'dop_v1_a b/"\'ü\nplanted-rest';
  const env = { DIGITALOCEAN_TOKEN: value };

  it.each([
    value,
    JSON.stringify(value),
    inspect(value),
    encodeURIComponent(value),
    encodeURIComponent(value).toLowerCase(),
    encodeURI(value),
    new URLSearchParams({ value }).toString(),
    Buffer.from(value).toString('base64'),
    value.split('\n')[1]!,
    inspect(new Error('failed', { cause: new TypeError(`Bearer ${value} is an invalid header value`) })),
  ])('is shown without it: %j', (text) => {
    const shown = withoutTokens(`before ${text} after`, env);
    expect(shown).toMatch(/^before [^]*\(hidden\)[^]* after$/);
    expect(shown).not.toMatch(/planted|dop_v1_a/);
  });

  it('loses no other word', () => {
    expect(withoutTokens('a token is missing', { GITHUB_TOKEN: 'a', SPACES_ACCESS_KEY_ID: '' })).toBe(
      'a token is missing',
    );
  });
});
