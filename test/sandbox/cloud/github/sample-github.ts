/** An emulated GitHub in a temporary folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sodium from 'libsodium-wrappers';
import { startGithub, type RunningGithub } from '#sandbox/cloud/github/api';
import type { GithubState } from '#sandbox/cloud/github/github';
import { unseal, type KeyPair } from '#sandbox/cloud/github/sealed-box';
import type { GithubToken } from '#sandbox/cloud/github/tokens';
import { atEnd } from '#test/at-end';
import { newFolder } from '#test/new-folder';
import { caller, type Call } from '../http/call';

export const REPO = '/repos/example/forge';
export const GITHUB_TOKEN = 'ghp_full';
export const READER_TOKEN = 'ghp_reader';

export interface SampleGithub {
  readonly github: RunningGithub;
  /** As the owner. */
  readonly call: Call;
  /** As whoever has the token. */
  as(token: string | undefined): Call;
  readonly file: string;
  /** What is in the file. */
  saved(): GithubState['held'];
  /** Starts it again from its file, as after a restart of the sandbox. */
  reopen(): Promise<RunningGithub>;
  /** Seals a secret and sends it. */
  putSecret(name: string, value: string): ReturnType<Call>;
  /** The value of a secret, as a workflow of the repository would see it. */
  secretForWorkflow(name: string): string | undefined;
}

/**
 * A GitHub that ends with the tests of the file.
 *
 * @param more tokens besides the two
 */
export async function sampleGithub(more: readonly GithubToken[] = []): Promise<SampleGithub> {
  const file = join(newFolder('github'), 'github.json');
  const tokens: GithubToken[] = [
    { value: GITHUB_TOKEN, permissions: 'full' },
    { value: READER_TOKEN, permissions: ['variables:write', 'secrets:read'] },
    ...more,
  ];
  const open = async () => {
    const github = await startGithub({ file, repository: 'example/forge', tokens, address: '127.0.0.1', port: 0 });
    atEnd(() => github.stop());
    return github;
  };
  const github = await open();
  const as = (token: string | undefined) => caller(github.url, token);
  const call = as(GITHUB_TOKEN);
  const saved = () => (JSON.parse(readFileSync(file, 'utf8')) as GithubState).held;
  return {
    github,
    call,
    as,
    file,
    saved,
    reopen: open,
    putSecret: async (name, value) => {
      const { key_id, key } = (await call('GET', `${REPO}/actions/secrets/public-key`)).body;
      return call('PUT', `${REPO}/actions/secrets/${name}`, { key_id, encrypted_value: seal(value, key) });
    },
    secretForWorkflow: (wanted) => {
      const { secrets, public_keys: keys } = saved() as {
        secrets: { name: string; encrypted_value: string }[];
        public_keys: [KeyPair];
      };
      const found = secrets.find(({ name }) => name === wanted);
      return found && unseal(found.encrypted_value, keys[0]);
    },
  };
}

/** As a caller of the API does it. */
export function seal(text: string, key: string): string {
  return Buffer.from(sodium.crypto_box_seal(text, new Uint8Array(Buffer.from(key, 'base64')))).toString('base64');
}
