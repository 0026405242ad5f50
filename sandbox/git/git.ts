/** Runs git for the sandbox's own repositories, without the user's configuration: hooks and signatures are theirs. */
import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** A list of all files of a large repository. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const IDENTITY = { NAME: 'Forge sandbox', EMAIL: 'sandbox@forge.invalid' };

/** @returns what git prints, without the end of the last line */
export async function git(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  try {
    const options = { maxBuffer: MAX_OUTPUT_BYTES, env: { ...ownEnvironment(), ...env } };
    return (await run('git', [...args], options)).stdout.trimEnd();
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`git ${args.join(' ')} failed: ${stderr?.trim() || message}`, { cause: error });
  }
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
