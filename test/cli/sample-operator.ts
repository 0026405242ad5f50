/** An operator of a sample forge: a forge.yaml, an emulated Spaces with its bucket, and commands run in this process. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Command, CommanderError } from 'commander';
import type { Terminal } from '#cli/output/terminal';
import type { SpacesOptions } from '#sandbox/cloud/spaces/spaces';
import { newFolder } from '#test/new-folder';
import { BUCKET, OWNER, sampleSpaces, type SampleSpaces } from '../sandbox/cloud/spaces/sample-spaces';

export interface Operator {
  readonly spaces: SampleSpaces;
  readonly env: NodeJS.ProcessEnv;
  /** Puts an object into the bucket; a value that is no text as JSON. */
  readonly put: (key: string, content: unknown) => Promise<void>;
  /** Runs a command as the root would. */
  readonly run: (...args: string[]) => Promise<Result>;
  /** The same for a person at the keyboard, who answers what is asked. */
  readonly runAnswering: (answer: (question: string) => Promise<string>, ...args: string[]) => Promise<Result>;
}

export interface Result {
  readonly code: number;
  /** Result, progress and error message together: all that a person sees. */
  readonly output: string;
  /** Only what a program reads. */
  readonly stdout: string;
}

const CONFIG = (lockfile: boolean) => `
name: forge
region: fra1
domain: forge.example.org
acmeEmail: ops@example.org
repository: example/forge
state: { bucket: ${BUCKET}, region: fra1, lockfile: ${lockfile} }
network: { cidr: 10.110.0.0/20 }
workers: [{ name: general, count: 2, size: s-4vcpu-8gb }]
`;

export async function sampleOperator(
  makeCommand: (terminal: Terminal) => Command,
  options: Parameters<typeof sampleSpaces>[0] & Partial<SpacesOptions> & { lockfile?: boolean } = {},
): Promise<Operator> {
  const { lockfile = true, ...others } = options;
  const spaces = await sampleSpaces(others);
  const file = join(newFolder('operator'), 'forge.yaml');
  writeFileSync(file, CONFIG(lockfile));
  const env: NodeJS.ProcessEnv = {
    FORGE_CONFIG: file,
    SPACES_ENDPOINT_URL: spaces.endpoint,
    SPACES_ACCESS_KEY_ID: OWNER.accessKeyId,
    SPACES_SECRET_ACCESS_KEY: OWNER.secretAccessKey,
  };
  const client = spaces.client();
  const perform = (ask: Terminal['ask'], args: readonly string[]) => runCommand(makeCommand, { env, ask }, args);
  return {
    spaces,
    env,
    put: async (Key, content) => {
      const Body = typeof content === 'string' ? content : JSON.stringify(content);
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    },
    run: (...args) => perform(undefined, args),
    runAnswering: (answer, ...args) => perform(answer, args),
  };
}

async function runCommand(
  makeCommand: (terminal: Terminal) => Command,
  { env, ask }: Pick<Terminal, 'env' | 'ask'>,
  args: readonly string[],
): Promise<Result> {
  let [output, stdout] = ['', ''];
  const notify = (text: string) => void (output += text);
  const write = (text: string) => {
    stdout += text;
    output += text;
  };
  const command = makeCommand({ env, ask, write, notify });
  for (const one of [command, ...command.commands]) {
    one.exitOverride().configureOutput({ writeOut: write, writeErr: notify });
  }
  try {
    await command.parseAsync([...args], { from: 'user' });
    return { code: 0, output, stdout };
  } catch (error) {
    const { message, exitCode = 1, code } = error as Partial<CommanderError>;
    if (code?.startsWith('commander.')) return { code: exitCode === 0 ? 0 : 2, output, stdout };
    return { code: exitCode, output: `${output}${message}\n`, stdout };
  }
}
