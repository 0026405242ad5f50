import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { read } from './pages';

describe.each(['docs/security.md', 'docs/rotation.md', 'docs/maintenance.md'])('%s', (page) => {
  const tests = [...read(page).matchAll(/`(test\/[\w./-]+)`/g)].map(([, file]) => file!);

  it('names tests that exist', () => {
    expect(tests.filter((file) => !existsSync(join(__dirname, '../..', file)))).toEqual([]);
    expect(tests).not.toEqual([]);
  });
});

describe('the table of docs/security.md', () => {
  const rows = read('docs/security.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| who ') && !line.startsWith('| -'));

  it.each(rows.map((row) => row.split('|').map((cell) => cell.trim())))('|%s: %s', (...cells) => {
    const [, , gets, not, seen, begin] = cells;
    expect([gets, not, begin]).not.toContain('');
    expect(seen).toMatch(/`test\/|^reasoned: /);
  });
});
