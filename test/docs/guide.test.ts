import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATIONS } from '#sandbox/tour/operations';
import { codeLines, read, ROOT } from './pages';

const SECTIONS = ['Opérations de « jour 2 »', 'échelle', 'nouvelle application', 'Maintenance', 'Pruning'];
const guide = read('docs/guide.md');
const french = read('docs/fr/exploitation.md');

/** Each sentence, and the lines below it. */
const promises = guide
  .split('\n- **')
  .slice(1)
  .map((text) => text.split('**\n'))
  .map(([sentence, shown]) => ({ sentence: sentence!, shown: shown! }));

const operations = (text: string) => [...text.matchAll(/tour: _([^_]+)_/g)].map(([, title]) => title!);
/** A file with all the titles that follow it. */
const tests = (text: string) =>
  [...text.matchAll(/`(test\/[^`]+)`: _((?:[^_]|_; _)+)_/g)].flatMap(([, file, titles]) =>
    titles!.split('_; _').map((title) => ({ file: file!, title })),
  );

describe("docs/guide.md, the guide's sentences", () => {
  it.each(promises.map(({ sentence, shown }) => [sentence, shown] as const))(
    '"%s" is shown by what exists',
    (_, shown) => {
      expect(operations(shown).length + tests(shown).length).toBeGreaterThan(0);
      for (const title of operations(shown)) expect(OPERATIONS.map((operation) => operation.title)).toContain(title);
      for (const { file, title } of tests(shown)) {
        expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
        expect(read(file).replaceAll("\\'", "'")).toContain(title);
      }
    },
  );

  it('leave out no operation of the tour', () => {
    const shown = promises.flatMap(({ shown }) => operations(shown));
    expect(OPERATIONS.map(({ title }) => title).filter((title) => !shown.includes(title))).toEqual([]);
  });
});

describe('docs/fr/exploitation.md', () => {
  it("has the guide's five sections, in its order", () => {
    const titles = [...french.matchAll(/^## (\d)\. (.*)$/gm)];
    expect(titles.map(([, number]) => number)).toEqual(['1', '2', '3', '4', '5']);
    titles.forEach(([, , title], index) => expect(title!.toLowerCase()).toContain(SECTIONS[index]!.toLowerCase()));
  });

  it('has every command of the guide, as it is there', () => {
    const commands = promises
      .flatMap(({ sentence }) => codeLines(sentence))
      .filter((code) => code.startsWith('kubectl '));
    expect(commands).toHaveLength(5);
    const table = french.split('\n').filter((line) => line.startsWith('| **'));
    expect(table.flatMap(codeLines)).toEqual(expect.arrayContaining(commands));
  });

  it('names the annotations that the stack writes', () => {
    const source = read('stacks/github-secrets/kubernetes-secret.ts');
    const written = [...source.matchAll(/'(argocd\.argoproj\.io\/[\w-]+)': '?([\w=,]*)/g)];
    expect(written).toHaveLength(3);
    for (const [, name, value] of written) expect(french).toContain(`${name}: ${value}`);
  });
});

describe.each([
  ['access', 'acces'],
  ['lost-machine', 'machine-perdue'],
  ['restore', 'sauvegardes'],
])('docs/%s.md in French, docs/fr/%s.md,', (page, translated) => {
  const commandsOf = (text: string) => codeLines([...text.matchAll(/```sh\n[\s\S]*?```/g)].join('\n'));

  it('has the same commands, in the same order', () => {
    expect(commandsOf(read(`docs/fr/${translated}.md`))).toEqual(commandsOf(read(`docs/${page}.md`)));
  });
});
