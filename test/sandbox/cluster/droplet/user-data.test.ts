import { gzipSync } from 'node:zlib';
import { parseUserData } from '#sandbox/cluster/droplet/user-data';

const config = (...lines: string[]) => ['#cloud-config', ...lines, ''].join('\n');
const file = (...lines: string[]) => config('write_files:', '  - path: /etc/x', ...lines.map((line) => `    ${line}`));
const contentOf = (text: string) => parseUserData(text).files[0]!.content.toString();

describe('user data', () => {
  it('writes plain text, base64 and compressed base64', () => {
    expect(contentOf(file('content: "one\\n"'))).toBe('one\n');
    expect(contentOf(file('encoding: b64', `content: ${Buffer.from('two\n').toString('base64')}`))).toBe('two\n');
    expect(contentOf(file('encoding: gz+b64', `content: ${gzipSync('three\n').toString('base64')}`))).toBe('three\n');
  });

  it('keeps the exact bytes, whatever they are', () => {
    const bytes = Buffer.from([0, 255, 10, 13]);
    expect(parseUserData(file('encoding: b64', `content: ${bytes.toString('base64')}`)).files[0]?.content).toEqual(
      bytes,
    );
  });

  it('reads permissions as octal, quoted or not, and takes 0644 for granted', () => {
    const modes = [file("permissions: '0600'"), file('permissions: 0600'), file('content: x')];
    expect(modes.map((text) => parseUserData(text).files[0]?.mode)).toEqual([0o600, 0o600, 0o644]);
  });

  it('lists the commands', () => {
    expect(parseUserData(config('runcmd:', '  - [systemctl, start, k3s]', '  - echo done')).commands).toEqual([
      ['systemctl', 'start', 'k3s'],
      'echo done',
    ]);
  });

  it.each([
    ['nothing', '', 'has no user data'],
    ['a shell script', '#!/bin/sh\n', 'does not start with #cloud-config'],
    ['what is not YAML', config('write_files: ['), 'is not YAML, line'],
    ['an unknown key', config('write_file: []'), 'Unrecognized key: "write_file"'],
    ['an unknown key of a file', file('contents: x'), 'Unrecognized key: "contents"'],
    ['an unknown encoding', file('encoding: base32', 'content: x'), 'write_files.0.encoding'],
    ['broken base64', file('encoding: b64', 'content: a?b='), 'the content of /etc/x is not base64'],
    ['broken gzip', file('encoding: gz+b64', 'content: AAAA'), 'the content of /etc/x is not gzip'],
    ['a relative path', config('write_files:', '  - path: etc/x'), 'must be an absolute path'],
    ['the same file twice', `${file('content: a')}  - path: /etc/x\n`, 'it writes /etc/x twice'],
    ['wrong permissions', file("permissions: 'rw-'"), 'must be octal digits'],
    ['too much', config(`# ${'x'.repeat(65_536)}`), 'more than 64 KiB'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseUserData(text)).toThrow(message);
  });
});
