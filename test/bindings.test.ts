import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './new-folder';

const ROOT = join(__dirname, '..');

describe('the committed bindings', () => {
  it('are what the CLI makes of the committed schemas', () => {
    const output = newFolder('bindings');
    execFileSync(process.execPath, [join(ROOT, 'scripts/generate-bindings.cjs'), '--output', output], {
      stdio: 'pipe',
    });
    const generated = filesOf(output);
    expect(Object.keys(generated).length).toBeGreaterThan(20);
    expect(filesOf(join(ROOT, '.gen'))).toEqual(generated);
  }, 60_000);
});

function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]));
}
