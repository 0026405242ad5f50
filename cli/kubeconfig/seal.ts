/** Encrypts a kubeconfig with age to the operators of forge.yaml, so that it can leave the machine. */
import { readFileSync } from 'node:fs';
import { armor, Encrypter } from 'age-encryption';
import { z } from 'zod';
import { CommandFailure } from '#clients/failure';
import type { ForgeConfig } from '#config/schema';
import { readFileIfAny, writeNamedFile } from './private-file';

export interface SealOptions {
  readonly file: string;
  /** May be the same file. */
  readonly out: string;
  readonly operators: ForgeConfig['operators'];
  /** GITHUB_EVENT_PATH, as GitHub Actions sets it. */
  readonly env: NodeJS.ProcessEnv;
}

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';

/**
 * Without operators the content stays in clear in a job of a private repository; anywhere else nothing is written.
 *
 * @returns what was done, for the person
 * @throws CommandFailure when the content can be given to nobody
 */
export async function seal({ file, out, operators, env }: SealOptions): Promise<string> {
  const text = readFileIfAny(file);
  if (text === undefined)
    throw new CommandFailure(`There is no file ${file}. Make it with: npx forge kubeconfig --out ${file}`);
  if (text.startsWith(ARMOR)) {
    throw new CommandFailure(`${file} is sealed already. Make a new one with: npx forge kubeconfig --out ${file}`);
  }
  if (operators.length === 0) return leaveInClear(text, { file, out, env });
  writeNamedFile(out, await encrypt(text, operators));
  const names = operators.map(({ name }) => name).join(', ');
  return `${out} is sealed for ${names}. Each opens it with: age --decrypt --identity <key file> ${out}`;
}

async function encrypt(text: string, operators: ForgeConfig['operators']): Promise<string> {
  const encrypter = new Encrypter();
  for (const { ageRecipient } of operators) encrypter.addRecipient(ageRecipient);
  return armor.encode(await encrypter.encrypt(text));
}

function leaveInClear(text: string, { file, out, env }: Omit<SealOptions, 'operators'>): string {
  if (!isPrivate(env)) {
    throw new CommandFailure(
      `${file} was not sealed: nobody is listed under operators in forge.yaml, and this is no job of a private repository.\n` +
        'Add who may read it, with the public key that age-keygen prints as ageRecipient.',
    );
  }
  if (out !== file) writeNamedFile(out, text);
  return `${out} is in clear: the repository is private, and forge.yaml lists no operators.`;
}

const event = z.object({ repository: z.object({ private: z.literal(true) }) });

/** From what GitHub Actions tells the job; whatever is unclear counts as public. */
function isPrivate({ GITHUB_EVENT_PATH }: NodeJS.ProcessEnv): boolean {
  if (!GITHUB_EVENT_PATH) return false;
  try {
    return event.safeParse(JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8'))).success;
  } catch {
    return false;
  }
}
