import { CommandFailure } from '#clients/failure';
import type { Terminal } from './terminal';

/**
 * Goes on only when somebody typed the name of what is lost.
 *
 * @param wanted the name
 * @param question what happens, as a sentence
 * @param given on the command line, as the value of --confirm
 * @throws CommandFailure with exit code 2 for any other answer
 */
export async function confirmByName(
  { ask }: Terminal,
  wanted: string,
  question: string,
  given: string | undefined,
): Promise<void> {
  const answer = given ?? (await ask?.(`${question} Type ${wanted} to go on: `));
  if (answer === wanted) return;
  const message =
    answer === undefined
      ? `Nobody can be asked. Give --confirm ${wanted}.`
      : `${JSON.stringify(answer)} is not ${wanted}: nothing was touched.`;
  throw new CommandFailure(message, { exitCode: 2 });
}

/**
 * Whether an option that wants the name once more was given.
 *
 * @param given as the value of the option
 * @throws CommandFailure with exit code 2 for another name
 */
export function isNamed(wanted: string, given: string | undefined): boolean {
  if (given === undefined || given === wanted) return given !== undefined;
  throw new CommandFailure(`${JSON.stringify(given)} is not ${wanted}: nothing was touched.`, { exitCode: 2 });
}
