import { maskInJob } from '#cli/output/github-job';

/** The last line of such a key is the end of the public one. */
const KEY = `-----BEGIN EC PRIVATE KEY-----\n${'a'.repeat(64)}\n${'b'.repeat(64)}\n${'c'.repeat(36)}\n-----END EC PRIVATE KEY-----\n`;
const WORD = 'twenty per cent: 20%';

describe('secrets in a job', () => {
  const masks = (secrets: string[], env: NodeJS.ProcessEnv = { GITHUB_ACTIONS: 'true' }) => {
    let text = '';
    maskInJob({ env, notify: (part) => void (text += part) }, secrets);
    return text.split('\n').filter((line) => line !== '');
  };

  it('are hidden line by line, as GitHub prints them, and as a kubeconfig holds them', () => {
    expect(masks([KEY])).toEqual([
      `::add-mask::${'a'.repeat(64)}`,
      `::add-mask::${'b'.repeat(64)}`,
      `::add-mask::${Buffer.from(KEY).toString('base64')}`,
    ]);
    expect(masks([WORD])[0]).toBe(`::add-mask::${WORD}25`);
  });

  it('are not hidden where they are so short that they occur in other words', () => {
    expect(masks(['', 'short'])).toEqual([]);
  });

  it('are never written to a terminal', () => {
    expect(masks([KEY], {})).toEqual([]);
  });
});
