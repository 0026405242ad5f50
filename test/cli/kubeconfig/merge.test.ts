import { parse } from 'yaml';
import { mergeKubeconfig } from '#cli/kubeconfig/merge';
import { kubeconfig } from '#stacks/kubeconfig';

const added = (server = 'https://203.0.113.1:6443') =>
  kubeconfig({
    ...{ name: 'forge-production-operators', server, clusterCaCertificate: 'ca' },
    ...{ clientCertificate: 'c'.repeat(400), clientKey: 'key', base64: btoa },
  });

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

  it('merges into JSON, which kubectl reads as well', () => {
    const merged = mergeKubeconfig('{"kind":"Config","clusters":[{"name":"a"}],"users":null}', added(), false);
    expect(parse(merged)).toMatchObject({ clusters: [{ name: 'a' }, { name: 'forge-production-operators' }] });
  });

  it.each([
    ['a: [', 'no YAML'],
    ['- one', 'no kubeconfig'],
    ['clusters: { a: b }', 'clusters is not a list'],
  ])('refuses %j', (text, reason) => {
    expect(() => mergeKubeconfig(text, added(), false)).toThrow(reason);
  });
});
