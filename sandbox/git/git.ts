/** Runs git for the sandbox's own repositories, without the user's configuration: hooks and signatures are theirs. */
import { devNull } from 'node:os';
import { outputOf } from '#clients/program';

const IDENTITY = { NAME: 'Forge sandbox', EMAIL: 'sandbox@forge.invalid' };

/** @returns what git prints, without the end of the last line */
export async function git(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return (await outputOf('git', args, { env: { ...ownEnvironment(), ...env } })).trimEnd();
}

/** Without the variables by which git tells a hook its repository. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(others),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: IDENTITY.NAME,
    GIT_AUTHOR_EMAIL: IDENTITY.EMAIL,
    GIT_COMMITTER_NAME: IDENTITY.NAME,
    GIT_COMMITTER_EMAIL: IDENTITY.EMAIL,
  };
}
