/** The files through which a step tells GitHub something: outputs, variables for later steps, the summary. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CommandFiles {
  /** Variables that name the files for the step. */
  readonly env: Readonly<Record<string, string>>;
  /** What the step wrote. Removes the files. */
  read(): { outputs: Record<string, string>; env: Record<string, string>; summary: string };
}

const VARIABLES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY', 'GITHUB_PATH', 'GITHUB_STATE'] as const;

export function commandFiles(temporary: string): CommandFiles {
  const folder = mkdtempSync(join(temporary, 'commands-'));
  const fileOf = (variable: (typeof VARIABLES)[number]) => join(folder, variable.toLowerCase());
  for (const variable of VARIABLES) writeFileSync(fileOf(variable), '', { mode: 0o600 });
  const textOf = (variable: (typeof VARIABLES)[number]) => readFileSync(fileOf(variable), 'utf8');
  return {
    env: Object.fromEntries(VARIABLES.map((variable) => [variable, fileOf(variable)])),
    read: () => {
      const written = {
        outputs: readPairs(textOf('GITHUB_OUTPUT')),
        env: readPairs(textOf('GITHUB_ENV')),
        summary: textOf('GITHUB_STEP_SUMMARY'),
      };
      rmSync(folder, { recursive: true });
      return written;
    },
  };
}

/** `name=value` on a line, or `name<<END`, lines, `END`. Throws as GitHub does for anything else. */
export function readPairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = text.split('\n');
  while (lines.length > 0) {
    const line = lines.shift()!;
    if (line === '') continue;
    const [, name, operator, rest] = /^([^=<]+?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`Invalid format '${line}'`);
    if (operator === '=') {
      pairs[name] = rest!;
      continue;
    }
    const end = lines.indexOf(rest!);
    if (end === -1) throw new Error(`Matching delimiter not found '${rest!}'`);
    pairs[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n');
  }
  return pairs;
}
