import { parse } from 'yaml';
import { CommandFailure } from '#clients/failure';
import { mergeKubeconfigs } from '#cli/kubeconfig/merge';
import { kubeconfigText } from '#clients/kubernetes/kubeconfig-text';

const added = (server = 'https://203.0.113.1:6443') =>
  kubeconfigText('forge-production-operators', {
    server,
    clusterCaCertificate: 'ca',
    clientCertificate: 'c'.repeat(400),
    clientKey: 'key',
  });

const mergeKubeconfig = (text: string, addition: string, use: boolean) =>
  mergeKubeconfigs([{ path: 'config', text }], 'config', addition, use)[0]!.text;

const KUBECTL = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${'QUFB'.repeat(100)}
    server: https://other.example.org
  name: other # the old one
contexts:
- context:
    cluster: other
    user: "other"
  name: other
current-context: other
kind: Config
preferences: {}
users:
- name: other
  user:
    token: 'abc'
`;

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

describe('merging into a kubeconfig', () => {
  it('keeps every line of the others, in order, and adds its own', () => {
    const merged = lines(mergeKubeconfig(KUBECTL, added(), false));
    const kept = lines(KUBECTL);
    expect(merged.filter((line) => kept.includes(line))).toEqual(expect.arrayContaining(kept));
    let from = 0;
    for (const line of kept) {
      from = merged.indexOf(line, from) + 1;
      expect([line, from > 0]).toEqual([line, true]);
    }
    const { contexts, clusters, users, ...rest } = parse(merged.join('\n')) as Record<string, any[]>;
    for (const list of [contexts, clusters, users]) {
      expect(list!.map(({ name }) => name as string)).toEqual(['other', 'forge-production-operators']);
    }
    expect(rest).toMatchObject({ 'current-context': 'other' });
  });

  it('keeps the layout of a file that a person wrote', () => {
    const own = `# Mine\n\nkind: Config\n\nclusters:\n  # at work\n  - name: a\n    cluster: { server: "https://a" }\nusers: []\ncontexts:\n`;
    const merged = mergeKubeconfig(own, added(), false);
    expect(merged).toContain(own.split('users:')[0]);
    expect(parse(merged)).toMatchObject({ users: [{ name: 'forge-production-operators' }] });
  });

  it('replaces its own entries in their place, with their comments', () => {
    const first = mergeKubeconfig(KUBECTL, added(), false).replace(
      '- name: forge-production-operators\n  cluster',
      '# the forge\n- name: forge-production-operators\n  cluster',
    );
    const second = mergeKubeconfig(first, added('https://203.0.113.2:6443'), false);
    expect(second).toBe(first.replace('https://203.0.113.1:6443', 'https://203.0.113.2:6443'));
    expect(second).toContain('# the forge');
    expect(mergeKubeconfig(second, added('https://203.0.113.2:6443'), false)).toBe(second);
  });

  it('changes the current context only when asked, or when there is none', () => {
    const current = (text: string, use: boolean) =>
      (parse(mergeKubeconfig(text, added(), use)) as Record<string, string>)['current-context'];
    expect(current(KUBECTL, false)).toBe('other');
    expect(current(KUBECTL, true)).toBe('forge-production-operators');
    expect(current(KUBECTL.replace('current-context: other', 'current-context: ""'), false)).toBe(
      'forge-production-operators',
    );
  });

  it('is the new one itself where there was nothing', () => {
    expect(mergeKubeconfig('\n', added(), false)).toBe(added());
  });

  it('merges into JSON, which kubectl reads as well, and leaves it JSON', () => {
    const merged = mergeKubeconfig('{"kind":"Config","clusters":[{"name":"a"}],"users":null}', added(), false);
    expect(JSON.parse(merged)).toMatchObject({ clusters: [{ name: 'a' }, { name: 'forge-production-operators' }] });
  });

  it.each([
    ['a: [', 'no YAML'],
    ['- one', 'no kubeconfig'],
    ['clusters: { a: b }', 'clusters is not a list'],
  ])('refuses %j', (text, reason) => {
    expect(() => mergeKubeconfig(text, added(), false)).toThrow(reason);
  });

  const NAME = 'forge-production-operators';
  /** An entry of each list that the file has already, with these settings. */
  const before = (settings: Partial<Record<'cluster' | 'user' | 'context', string>>) =>
    Object.entries({ cluster: '{}', user: '{}', context: '{}', ...settings })
      .map(([key, value]) => `${key}s:\n- name: ${NAME}\n  ${key}: ${value}\n`)
      .join('');
  const settingsOf = (text: string, key: 'cluster' | 'user' | 'context', name = NAME) => {
    const lists = parse(text, { merge: true }) as Record<string, { name: string }[]>;
    return lists[`${key}s`]!.find((entry) => entry.name === name)![key as never] as Record<string, unknown>;
  };

  it.each([
    ['cluster', 'proxy-url', 'socks5://localhost:1080'],
    ['cluster', 'tls-server-name', 'kubernetes'],
    ['cluster', 'disable-compression', true],
    ['cluster', 'extensions', [{ name: 'minikube.sigs.k8s.io', extension: { version: 1 } }]],
    ['cluster', 'insecure-skip-tls-verify', false],
    ['user', 'as', 'somebody'],
    ['user', 'as-groups', ['one', 'two']],
    ['user', 'extensions', [{ name: 'a', extension: null }]],
    ['context', 'namespace', 'my-service'],
    ['context', 'extensions', [{ name: 'a', extension: {} }]],
  ] as const)('keeps what a person set in our own %s: %s', (key, setting, value) => {
    const merged = mergeKubeconfig(before({ [key]: JSON.stringify({ [setting]: value }) }), added(), false);
    const ours = settingsOf(added(), key);
    expect(settingsOf(merged, key)).toEqual({ ...ours, [setting]: value });
  });

  it.each([
    ['cluster', 'certificate-authority'],
    ['user', 'client-certificate'],
    ['user', 'client-key'],
  ] as const)('replaces the file of our own %s that is named as %s: kubectl refuses both at once', (key, setting) => {
    const merged = mergeKubeconfig(before({ [key]: `{ ${setting}: old.pem, ${setting}-data: b2xk }` }), added(), false);
    expect(settingsOf(merged, key)).toEqual(settingsOf(added(), key));
  });

  it('names no authority where a person turned its check off: kubectl refuses both at once', () => {
    const merged = mergeKubeconfig(before({ cluster: '{ insecure-skip-tls-verify: true }' }), added(), false);
    expect(settingsOf(merged, 'cluster')).toEqual({
      'insecure-skip-tls-verify': true,
      server: 'https://203.0.113.1:6443',
    });
  });

  it.each(['', ' null', ' []', ' text'])('makes an entry whole that holds%s', (nothing) => {
    const merged = mergeKubeconfig(`users:\n- name: ${NAME}\n  user:${nothing}\n`, added(), false);
    expect(settingsOf(merged, 'user')).toEqual(settingsOf(added(), 'user'));
  });

  it('leaves one entry where our own is there twice', () => {
    const twice = `users:\n- name: ${NAME}\n  user: { as: a }\n- name: b\n- name: ${NAME}\n  user: { as: b }\n`;
    const { users } = parse(mergeKubeconfig(twice, added(), false)) as { users: { name: string }[] };
    expect(users.map(({ name }) => name)).toEqual([NAME, 'b']);
  });

  it.each(['# only a comment\n', '---\n', 'null\n', '\ufeff', 'kind: Config\n'])('fills %j', (text) => {
    const merged = mergeKubeconfig(text, added(), false);
    expect(parse(merged)).toMatchObject({ kind: 'Config', 'current-context': NAME, users: [{ name: NAME }] });
    expect(merged).toContain(text.startsWith('#') ? text : '');
  });

  describe('with anchors', () => {
    const others = `- name: other\n  cluster:`;
    it.each([
      ['another entry takes a value of ours', `{ certificate-authority-data: &ca b2xk }`, `{ a: *ca }`, { a: 'b2xk' }],
      ['another entry takes our settings', `&ours { server: old, proxy-url: p }`, `*ours`, { server: 'old' }],
      ['another entry merges our settings', `&ours { server: old, proxy-url: p }`, `{ <<: *ours, a: b }`, { a: 'b' }],
      [
        'another entry merges several',
        `&ours { proxy-url: p }`,
        `{ <<: [*ours, { a: b }] }`,
        { a: 'b', 'proxy-url': 'p' },
      ],
    ])('%s', (_, ours, other, expected) => {
      const text = `clusters:\n- name: ${NAME}\n  cluster: ${ours}\n${others} ${other}\n`;
      const merged = mergeKubeconfig(text, added(), false);
      expect(settingsOf(merged, 'cluster', 'other')).toEqual(settingsOf(text, 'cluster', 'other'));
      expect(settingsOf(merged, 'cluster', 'other')).toMatchObject(expected);
      expect(settingsOf(merged, 'cluster')).toMatchObject(settingsOf(added(), 'cluster'));
    });

    it.each([
      ['takes a value', `{ tls-server-name: &name kubernetes }`, `{ tls-server-name: *name }`],
      ['takes the settings', `&all { tls-server-name: kubernetes, certificate-authority: ca.pem }`, `*all`],
      ['merges the settings', `&all { tls-server-name: kubernetes, server: s }`, `{ <<: *all }`],
      ['merges several', `&all { tls-server-name: kubernetes }`, `{ <<: [*all, { certificate-authority: ca.pem }] }`],
    ])('ours %s of another entry', (_, other, ours) => {
      const text = `# mine\nclusters:\n${others} ${other}\n# ours\n- name: ${NAME}\n  cluster: ${ours}\n`;
      const merged = mergeKubeconfig(text, added(), false);
      expect(settingsOf(merged, 'cluster', 'other')).toEqual(settingsOf(text, 'cluster', 'other'));
      expect(settingsOf(merged, 'cluster')).toEqual({
        ...settingsOf(added(), 'cluster'),
        'tls-server-name': 'kubernetes',
      });
      for (const kept of ['# mine', '# ours']) expect(merged).toContain(kept);
    });

    it('keeps those of others, and finds a name or an entry behind an alias', () => {
      const text = `x: &x { a: b }\ny: *x\nname: &name ${NAME}\nentry: &entry { name: *name, user: { as: a } }\nusers: [*entry]\n`;
      const merged = mergeKubeconfig(text, added(), false);
      expect(merged).toContain('y: *x');
      expect(parse(merged)).toMatchObject({
        entry: { name: NAME, user: { as: 'a' } },
        users: [{ name: NAME, user: { as: 'a', ...settingsOf(added(), 'user') } }],
      });
    });

    it.each([
      ['users: *nothing', 'nothing'],
      ['a: &a [*a]', 'config was left as it is: it is no YAML'],
      [`a: &a [x,x]\nb: &b [${'*a,'.repeat(99)}]\nc: [${'*b,'.repeat(99)}]`, 'Excessive alias count'],
      ['a: &a text\nusers: [{ <<: *a }]', 'no YAML'],
      ['a: 1\na: 2', 'no YAML'],
      ['a: 1\n---\nb: 2', 'no YAML'],
    ])('refuses %j in words', (text, reason) => {
      expect(() => mergeKubeconfig(text, added(), false)).toThrow(CommandFailure);
      expect(() => mergeKubeconfig(text, added(), false)).toThrow(reason);
    });
  });

  describe('over several files', () => {
    const merge = (use: boolean, ...texts: string[]) =>
      mergeKubeconfigs(
        texts.map((text, index) => ({ path: `${index}`, text })),
        '0',
        added(),
        use,
      );

    it('keeps a current context of any of them', () => {
      const changed = merge(false, 'kind: Config\n', KUBECTL);
      expect(changed.map(({ path }) => path)).toEqual(['0']);
      expect(parse(changed[0]!.text)).not.toHaveProperty('current-context');
    });

    it('changes each entry in the first file that has it, and the current context in its own', () => {
      const user = `users:\n- name: ${NAME}\n  user: { as: a }\n`;
      const changed = merge(true, 'kind: Config\n', KUBECTL, user, user);
      expect(changed.map(({ path }) => path).toSorted()).toEqual(['0', '2']);
      const [first, third] = ['0', '2'].map((wanted) => parse(changed.find(({ path }) => path === wanted)!.text));
      expect(first).toMatchObject({ clusters: [{ name: NAME }], contexts: [{ name: NAME }], 'current-context': NAME });
      expect(first).not.toHaveProperty('users');
      expect(third).toEqual({ users: [{ name: NAME, user: { as: 'a', ...settingsOf(added(), 'user') } }] });
    });

    it('names the file that it cannot read', () => {
      expect(() => merge(false, KUBECTL, 'users: yes')).toThrow('1 was left as it is: it is no kubeconfig');
    });
  });
});
