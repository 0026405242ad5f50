/** Programs that the person has installed: used only in the right version. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ToolPin } from './pins';

const run = promisify(execFile);
const ANSWER_LIMIT_MS = 10_000;

export type Search = { readonly path: string } | { readonly refusal: string };

/** Looks at the first program of that name on PATH, as a shell would run it. */
export async function findInstalled(name: string, pin: ToolPin, path: readonly string[]): Promise<Search> {
  if (pin.asked === undefined) return { refusal: 'not looked for: nobody offers it as a program' };
  const program = await firstOnPath(name, path);
  if (program === undefined) return { refusal: 'not found' };
  const found = await versionOf(program, pin.asked);
  if ('refusal' in found) return { refusal: `${program} ${found.refusal}` };
  return satisfies(found.version, pin)
    ? { path: program }
    : { refusal: `${program} is ${found.version}, needed is ${neededVersion(pin)}` };
}

/** `v1.36.4`, or `1.11.0 or newer`. */
export function neededVersion({ version, accepts }: ToolPin): string {
  return accepts === 'newer' ? `${version} or newer` : version;
}

/** Absolute path of the program that a shell would run. */
export async function firstOnPath(name: string, path: readonly string[]): Promise<string | undefined> {
  for (const folder of path) {
    const candidate = join(folder, name);
    const isProgram = await Promise.all([access(candidate, constants.X_OK), stat(candidate)]).then(
      ([, entry]) => entry.isFile(),
      () => false,
    );
    if (isProgram) return candidate;
  }
  return undefined;
}

async function versionOf(
  program: string,
  { args, answer }: NonNullable<ToolPin['asked']>,
): Promise<{ version: string } | { refusal: string }> {
  try {
    const { stdout } = await run(program, [...args], { timeout: ANSWER_LIMIT_MS });
    const version = answer.exec(stdout)?.[1];
    return version === undefined ? { refusal: `does not tell its version (${args.join(' ')})` } : { version };
  } catch (error) {
    return { refusal: `does not run: ${(error as Error).message.trimEnd().split('\n').at(-1)}` };
  }
}

function satisfies(found: string, { version, accepts }: ToolPin): boolean {
  const order = compare(numbersOf(found), numbersOf(version));
  // 1.12.0-beta1 comes before 1.12.0 and is no release; +commit is only how it was built.
  const isRelease = !found.includes('-');
  return isRelease && (accepts === 'newer' ? order >= 0 : order === 0);
}

function numbersOf(version: string): number[] {
  return version
    .replace(/^v/, '')
    .replace(/[-+].*$/, '')
    .split('.')
    .map(Number);
}

function compare(left: readonly number[], right: readonly number[]): number {
  const at = right.findIndex((number, index) => number !== left[index]);
  return at === -1 ? left.length - right.length : (left[at] ?? -1) - right[at]!;
}
