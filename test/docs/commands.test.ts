import { execFileSync } from 'node:child_process';
import { codeLines, PAGES, read, ROOT } from './pages';

/** Each `npx forge …` of a page: the words that name a subcommand, and its options. */
function forgeCommands(text: string): { command: string; words: string[]; options: string[] }[] {
  return codeLines(text).flatMap((line) =>
    [...line.matchAll(/npx forge ([^`&|)]+)/g)].map(([, rest]) => {
      // After `--` comes another command.
      const own = rest!.split(/ -- /)[0]!;
      const parts = own.replaceAll(/[[\]]/g, '').trim().split(/\s+/);
      const end = parts.findIndex((part) => !/^[a-z-]+$/.test(part) || part.startsWith('-'));
      return {
        command: parts.join(' '),
        words: end === -1 ? parts : parts.slice(0, end),
        options: parts.filter((part) => part.startsWith('--')),
      };
    }),
  );
}

/** Prints the help of many subcommands, as JSON by their words: one process, because each start takes a while. */
const ASK = `
  const { run } = require('./cli/forge.ts');
  const write = process.stdout.write.bind(process.stdout);
  (async () => {
    const answers = {};
    for (const words of JSON.parse(process.argv[1])) {
      let text = '';
      process.stdout.write = (part) => { text += part; return true; };
      await run([...words.split(' '), '--help']);
      answers[words] = text;
    }
    write(JSON.stringify(answers));
  })();
`;

const commands = new Map(
  PAGES.flatMap((page) => forgeCommands(read(page)).map((found) => [found.command, { page, ...found }] as const)),
);

describe('a forge command of the documentation', () => {
  let help: Record<string, string>;

  beforeAll(() => {
    const words = [...new Set([...commands.values()].map((found) => found.words.join(' ')))];
    const args = ['--require', 'tsx/cjs', '-e', ASK, JSON.stringify(words)];
    help = JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })) as typeof help;
  }, 60_000);

  it.each([...commands.values()].map((found) => [found.command, found] as const))(
    'exists with its options: %s',
    (_, { words, options }) => {
      const text = help[words.join(' ')];
      expect(text).toContain(`Usage: forge ${words[0]}`);
      for (const option of options) expect(text).toContain(option);
    },
  );
});

// A destroy takes the snapshots' bucket along, without which no server starts: a deploy refuses.
it.each(PAGES)('%s deploys again after a destroy only when the buckets are made again', (page) => {
  const steps = codeLines(read(page)).flatMap((line) => /^npx forge (destroy|bootstrap|deploy)$/.exec(line)?.[1] ?? []);
  expect(steps.join(' ')).not.toContain('destroy deploy');
});
