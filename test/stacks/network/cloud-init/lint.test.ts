import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { agentUserData, serverUserData } from '#stacks/network/cloud-init/render';
import { newFolder } from '#test/new-folder';
import { agentProps, joinerProps, seedProps } from './user-data-samples';

const sources = resolve(__dirname, '../../../../stacks/network/cloud-init');

/** A test that needs a program shows as skipped where it is not installed. */
function itWith(program: string): typeof it {
  return spawnSync(program, ['--version']).error === undefined ? it : it.skip;
}

describe('the shell scripts', () => {
  const scripts = readdirSync(sources).filter((name) => name.endsWith('.sh'));

  itWith('shellcheck')('are clean for shellcheck', () => {
    const { stdout } = spawnSync('shellcheck', scripts, { cwd: sources, encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});

describe('the user data', () => {
  itWith('cloud-init').each([
    ['seed', serverUserData(seedProps())],
    ['joiner', serverUserData(joinerProps())],
    ['agent', agentUserData(agentProps())],
  ])(
    'of a %s is valid for cloud-init',
    (_, userData) => {
      const folder = newFolder('cloud-init');
      const file = join(folder, 'user-data.yaml');
      writeFileSync(file, userData, { mode: 0o600 });
      const { status, stderr } = spawnSync('cloud-init', ['schema', '--config-file', file], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
    },
    30_000,
  );
});
