/** An emulated GitHub in a temporary folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGithub } from '#sandbox/cloud/github/github';
import type { GithubToken } from '#sandbox/cloud/github/tokens';
import { withGithubToken, type Github, type GithubSession } from '#sandbox/cloud/github/session';

export const REPOSITORY = { owner: 'example', name: 'forge' };
export const GITHUB_TOKEN = 'ghp_full';
export const READER_TOKEN = 'ghp_reader';

export interface SampleGithub {
  readonly github: Github;
  readonly session: GithubSession;
  readonly file: string;
  /** Opens it again from its file, as after a restart of the sandbox. */
  readonly reopen: () => Promise<Github>;
}

const folders: string[] = [];

/**
 * A GitHub of its own for a test; `removeSampleGithubs` takes the file away.
 *
 * @param more tokens besides the two
 */
export async function sampleGithub(more: readonly GithubToken[] = []): Promise<SampleGithub> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-github-'));
  folders.push(folder);
  const file = join(folder, 'github.json');
  const open = () =>
    openGithub({
      file,
      repository: REPOSITORY,
      tokens: [
        { value: GITHUB_TOKEN, permissions: 'full' },
        { value: READER_TOKEN, permissions: ['variables:write', 'secrets:read'] },
        ...more,
      ],
    });
  const github = await open();
  return { github, session: withGithubToken(github, GITHUB_TOKEN), file, reopen: open };
}

export function removeSampleGithubs(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
