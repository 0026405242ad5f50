import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import { newFolder } from '#test/new-folder';

describe('a private file', () => {
  let folder: string;
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

  beforeEach(() => void (folder = newFolder('private')));

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
