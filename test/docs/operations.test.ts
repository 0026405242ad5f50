import { readdirSync } from 'node:fs';
import { dirname, basename, join } from 'node:path';
import { OPERATIONS } from '#sandbox/tour/operations';
import { codeLines, PAGES, read, ROOT } from './pages';

const FOLDER = 'sandbox/tour/operations';
const sources = readdirSync(join(ROOT, FOLDER)).map((file) => {
  const source = read(`${FOLDER}/${file}`);
  return { file, source, page: /\bpage: '([^']+)'/.exec(source)![1]! };
});

describe('the page of an operation', () => {
  it.each(OPERATIONS.map(({ title, page }, index) => [title, page, index + 1] as const))(
    '"%s" exists: docs/%s',
    (_, page, number) => {
      expect(PAGES).toContain(`docs/${page}`);
      // Pages about more than day 2 need not say how to try it.
      const commands = [...read(`docs/${page}`).matchAll(/forge sandbox tour --only ([\d,]+)/g)];
      for (const [, numbers] of commands) expect(numbers!.split(',')).toContain(String(number));
    },
  );

  it.each(sources.map(({ file, source, page }) => [file, page, source] as const))(
    'of %s, docs/%s, names the manifests that it changes',
    (_, page, source) => {
      const text = read(`docs/${page}`);
      const manifests = [...source.matchAll(/'(k8s\/[\w/-]+\.yaml)'/g)].map(([, path]) => path!);
      const unnamed = manifests.filter(
        (path) => !text.includes(dirname(path)) || !text.includes(basename(path, '.yaml')),
      );
      expect(unnamed).toEqual([]);
    },
  );

  it.each(sources.map(({ file, source, page }) => [file, page, source] as const))(
    'of %s, docs/%s, has the commands that it does by hand',
    (_, page, source) => {
      const commands = [...source.matchAll(/tell\('by hand', '(kubectl [^']+)'\)/g)].map(([, command]) => command!);
      expect(codeLines(read(`docs/${page}`))).toEqual(expect.arrayContaining(commands));
    },
  );

  it('for looking around has the commands that the tour tries', () => {
    const { source } = sources.find(({ file }) => file === 'guide-commands.ts')!;
    const commands = [...source.matchAll(/shows\(tour, '([^']+)'/g)].map(([, command]) => `kubectl ${command}`);
    expect(commands.length).toBeGreaterThan(2);
    expect(codeLines(read('docs/troubleshooting.md'))).toEqual(expect.arrayContaining(commands));
  });
});
