/**
 * With a k3s that keeps its passwords as the real one does. What is written here of it was seen with three servers of k3s
 * v1.36.4+k3s1, with this script (docs/decisions/0044-join-tokens-change-in-place-authorities-do-not.md).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newFolder } from '#test/new-folder';

const SCRIPT = join(__dirname, '../../scripts/change-join-tokens.sh');
const word = (letter: string) => `f${letter.repeat(48)}`;
const [OLD_SERVER, OLD_AGENT, NEW_SERVER, NEW_AGENT] = ['A', 'B', 'C', 'D'].map(word) as [
  string,
  string,
  string,
  string,
];
const SETTINGS = 'etc/rancher/k3s/config.yaml';
const PASSWD = 'var/lib/rancher/k3s/server/cred/passwd';
const full = (password: string) => `K10${'0'.repeat(64)}::server:${password}`;

/** In etcd: its copy of the file with the passwords, and the password that it is encrypted with. In its memory: that of its start. */
const K3S = `#!/usr/bin/env bash
cd "$FORGE_ROOT"
[[ "$1 $2 $3" == 'token rotate --new-token' && $K3S_TOKEN == "$(<memory)" ]] || { echo 'not authorized'; exit 1; }
old="$(sed --quiet 's/,server,.*//p' ${PASSWD})"
sed --in-place "s/$old,server/$4,server/" ${PASSWD}
[[ $(<etcd/password) != "$old" ]] || echo "$4" >etcd/password
[[ $(<etcd/password) == "$4" ]] || { echo 'encrypted with different token'; exit 1; }
cp ${PASSWD} etcd/passwd
`;
const SYSTEMCTL = `#!/usr/bin/env bash
cd "$FORGE_ROOT"
[[ "$*" == 'restart k3s.service' ]] || exit 1
token="$(sed --quiet 's/^token: "\\(.*:\\)\\?\\(.*\\)"/\\2/p' ${SETTINGS})"
agent="$(sed --quiet 's/^agent-token: "\\(.*\\)"/\\1/p' ${SETTINGS})"
[[ $token == "$(<etcd/password)" ]] || { echo 'encrypted with different token'; exit 1; }
cmp --silent ${PASSWD} etcd/passwd || { echo 'newer than datastore'; exit 1; }
echo "$token" >memory
sed --in-place "s/^[^,]*,node,/$agent,node,/" ${PASSWD}
`;

describe('other join tokens on a running server', () => {
  let root: string;

  const write = (file: string, text: string, mode = 0o600) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text, { mode });
  };
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const environment = () => ({ PATH: `${join(root, 'bin')}:${process.env['PATH']}`, FORGE_ROOT: root });
  const change = (input = `${NEW_SERVER}\n${NEW_AGENT}\n`) =>
    spawnSync('bash', [SCRIPT], { input, env: environment(), encoding: 'utf8' });
  const restart = () => spawnSync('systemctl', ['restart', 'k3s.service'], { env: environment() }).status;

  beforeEach(() => {
    root = newFolder('tokens');
    const passwd = `${OLD_AGENT},node,node,k3s:agent\n${OLD_SERVER},server,server,k3s:server\n`;
    write('usr/local/bin/k3s', K3S, 0o755);
    write('bin/systemctl', SYSTEMCTL, 0o755);
    write('memory', `${OLD_SERVER}\n`);
    write('etcd/password', `${OLD_SERVER}\n`);
    for (const file of ['etcd/passwd', PASSWD]) write(file, passwd);
    write(SETTINGS, `token: "${OLD_SERVER}"\nagent-token: "${OLD_AGENT}"\ntls-san:\n  - "203.0.113.7"\n`);
  });

  const changed = () => {
    expect(read(SETTINGS)).toContain(`${NEW_SERVER}"\nagent-token: "${NEW_AGENT}"\n`);
    expect(read('memory')).toBe(`${NEW_SERVER}\n`);
    expect(read(PASSWD)).toBe(read('etcd/passwd'));
    expect(restart()).toBe(0);
    for (const file of [SETTINGS, PASSWD, 'etcd/passwd']) expect(read(file)).not.toMatch(/AAA|BBB/);
  };

  it('are those of its settings, of k3s and of etcd, also at the start after the next', () => {
    const { status, stdout, stderr } = change();
    expect([status, stdout + stderr]).toEqual([0, expect.not.stringMatching(/[ABCD]{9}/)]);
    changed();
    expect(read(SETTINGS)).toContain('tls-san:\n  - "203.0.113.7"\n');
  });

  it('are there where a server has joined, and where it keeps how it would join', () => {
    const joined = `server: "https://203.0.113.7:6443"\ntoken: "${full(OLD_SERVER)}"\n`;
    const cluster = 'etc/rancher/k3s/config.yaml.d/20-cluster.yaml';
    for (const file of [cluster, 'etc/forge/join.yaml']) write(file, joined);
    expect(change().status).toBe(0);
    for (const file of [cluster, 'etc/forge/join.yaml']) expect(read(file)).toContain(`"${full(NEW_SERVER)}"\n`);
    changed();
  });

  it('come also when another server has changed them in etcd already', () => {
    write('etcd/password', `${NEW_SERVER}\n`);
    write('etcd/passwd', `${NEW_AGENT},node,node,k3s:agent\n${NEW_SERVER},server,server,k3s:server\n`);
    expect(change().status).toBe(0);
    changed();
  });

  it.each([
    [
      'before the settings were changed',
      'mv() { [[ $2 != */config.yaml ]] || exit 9; command mv "$@"; }; export -f mv',
    ],
    ['before k3s was started anew', 'systemctl() { exit 9; }; export -f systemctl'],
  ])('come at the second run when the first one was interrupted %s', (_, fault) => {
    const input = `${NEW_SERVER}\n${NEW_AGENT}\n`;
    const first = spawnSync('bash', ['-c', `${fault}; bash ${SCRIPT}`], { input, env: environment() });
    expect(first.status).toBe(9);
    expect(change().status).toBe(0);
    changed();
  });

  it.each([
    ['nothing', ''],
    ['one line', `${NEW_SERVER}\n`],
    ['something else than passwords', `${NEW_SERVER}\nnull\n`],
  ])('are refused for %s, and nothing is changed', (_, input) => {
    const before = [SETTINGS, PASSWD].map(read);
    const { status, stderr } = change(input);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/are expected|Nothing was changed/)]);
    expect([SETTINGS, PASSWD].map(read)).toEqual(before);
  });
});
