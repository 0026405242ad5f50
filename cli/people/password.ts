/** `forge people password`: a person sets the password of the login. */
import { truncates, hash } from 'bcryptjs';
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import type { Terminal } from '../output/terminal';
import { change } from './change';
import { withPasswordHash } from './forge-yaml';

/** The hash stands in Git, where whoever reads it may guess for as long as he likes: NIST SP 800-63B asks for 15. */
const SHORTEST = 15;
/** 2^12 rounds, a quarter of a second for each guess. Dex takes 10 to 16. */
const COST = 12;

export function passwordCommand(terminal: Terminal, checkout: string): Command {
  return new Command('password')
    .summary('set your password for the login')
    .description(
      `Ask for a password of at least ${SHORTEST} characters, and write its hash into forge.yaml and k8s/. The password itself is nowhere.\n` +
        'It counts when the change is committed and merged.',
    )
    .argument('<name>', 'as in login.people of forge.yaml')
    .addHelpText('after', '\nExample:\n  $ npx forge people password alice && git diff')
    .action(async (name: string) => {
      const file = configFile(terminal.env);
      await change(file, checkout, async (config, text) => {
        refuseStranger(name, config);
        const passwordHash = await hash(await askTwice(name, terminal), COST);
        const people = config.login?.people?.map((one) => (one.name === name ? { ...one, passwordHash } : one));
        return { config: { ...config, login: { people } }, text: withPasswordHash(text, name, passwordHash) };
      });
      terminal.write(`The hash is in forge.yaml and k8s/. Commit it and have it merged: then ${name} can log in.\n`);
    });
}

function refuseStranger(name: string, { login }: ForgeConfig): void {
  if (login?.people?.some((one) => one.name === name)) return;
  const listed = login?.people?.map((one) => one.name).join(', ') || 'nobody';
  throw new CommandFailure(
    `${name} is not in login.people of forge.yaml, which lists ${listed}. With accounts at GitHub there is no password. Nothing was changed.`,
  );
}

/** @throws CommandFailure for one that is too short or too long, and where nobody can be asked */
async function askTwice(name: string, { askHidden }: Terminal): Promise<string> {
  if (!askHidden) throw new CommandFailure('Only the person at a keyboard can set a password.', { exitCode: 2 });
  const password = await askHidden(`Password of ${name}, at least ${SHORTEST} characters (hidden): `);
  if ([...password].length < SHORTEST) throw refusal(`shorter than ${SHORTEST} characters: take some words`);
  if (truncates(password)) throw refusal('longer than 72 bytes, of which the rest would not count');
  if ((await askHidden('Once more (hidden): ')) !== password) throw refusal('another one the second time');
  return password;
}

function refusal(what: string): CommandFailure {
  return new CommandFailure(`The password is ${what}. Nothing was changed.`, { exitCode: 2 });
}
