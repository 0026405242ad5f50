/** A kubeconfig for everybody in forge.yaml, each encrypted with age to its person, so that all can leave the machine. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { armor, Encrypter } from 'age-encryption';
import { z } from 'zod';
import { CommandFailure } from '#clients/failure';
import { operatorNames } from '#config/people';
import type { ForgeConfig } from '#config/schema';
import { operatorsKubeconfigs } from './write';
import { writeNamedFile } from './private-file';
import type { Terminal } from '../output/terminal';

/**
 * Without operators there is one in clear, and only in a job of a private repository; anywhere else nothing is made.
 *
 * @param folder for the files; made if there is none
 * @returns what was done, for the person
 * @throws CommandFailure when it can be given to nobody, or the API does not answer
 */
export async function seal(terminal: Terminal, config: ForgeConfig, folder: string): Promise<string> {
  const { operators } = config;
  if (operators.length === 0 && !isPrivate(terminal.env)) {
    throw new CommandFailure(
      'Nothing was written: nobody is listed under operators in forge.yaml, and this is no job of a private repository.\n' +
        'Add who may reach the cluster, with the public key that age-keygen prints as ageRecipient.',
    );
  }
  const kubeconfigs = await operatorsKubeconfigs(terminal, config, operatorNames(config));
  const texts = await Promise.all(
    kubeconfigs.map(async ({ text }, index) =>
      operators[index] ? encrypt(text, operators[index].ageRecipient) : text,
    ),
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = texts.map((text, index) => {
    const file = join(folder, operators[index] ? `kubeconfig-${operators[index].name}.yaml` : 'kubeconfig.yaml');
    writeNamedFile(file, text);
    return file;
  });
  if (operators.length === 0)
    return `${files.join()} is in clear: the repository is private, and forge.yaml lists no operators.`;
  return `${files.join(', ')}: each is sealed for its person, who opens it with: age --decrypt --identity <key file> <file>`;
}

async function encrypt(text: string, recipient: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(text));
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
