import { spawnSync } from 'node:child_process';

/** Where a checkout comes from at GitHub, as `owner/name`; undefined when it is from elsewhere. */
export function originRepository(checkout: string): string | undefined {
  const { stdout } = spawnSync('git', ['remote', 'get-url', 'origin'], { cwd: checkout, encoding: 'utf8' });
  return /github\.com[:/]([^/]+\/[^/]+?)(\.git)?\s*$/.exec(stdout ?? '')?.[1];
}
