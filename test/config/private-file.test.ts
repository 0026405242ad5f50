import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-file';

describe('a private file', () => {
  let folder: string;
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'forge-private-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is for its owner only, whatever was there before', () => {
    const file = join(folder, 'new', 'secret');
    writePrivateFile(file, 'one');
    expect([modeOf(file), modeOf(join(folder, 'new'))]).toEqual(['600', '700']);
    writeFileSync(join(folder, 'open'), 'two', { mode: 0o644 });
    writePrivateFile(join(folder, 'open'), 'three');
    expect(modeOf(join(folder, 'open'))).toBe('600');
    expect(readFileSync(join(folder, 'open'), 'utf8')).toBe('three');
  });

  it('leaves nothing behind when it cannot be written', () => {
    expect(() => writePrivateFile(folder, 'text')).toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});
