import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '#test/new-folder';

const CHECKOUT = join(__dirname, '../..');
/** Writes down how it was called, and finds the stack `bad` not valid. */
const TERRAFORM = `#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in *bad*validate*) echo 'Unsupported argument'; exit 1;; esac
`;

describe('npm run validate', () => {
  let folder: string;

  beforeEach(() => {
    folder = newFolder('validate');
    mkdirSync(join(folder, 'bin'));
    mkdirSync(join(folder, 'temporary'));
    writeFileSync(join(folder, 'bin/terraform'), TERRAFORM, { mode: 0o755 });
  });

  function validate(...stacks: string[]) {
    for (const stack of stacks) mkdirSync(join(folder, 'out/stacks', stack), { recursive: true });
    return spawnSync(process.execPath, ['--require', 'tsx/cjs', 'scripts/validate-stacks.ts'], {
      cwd: CHECKOUT,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
        TMPDIR: join(folder, 'temporary'),
        CDKTF_OUTPUT: join(folder, 'out'),
        CALLS: join(folder, 'calls'),
      },
    });
  }
  const calls = () =>
    readFileSync(join(folder, 'calls'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.replace(join(folder, 'out/stacks/'), ''));

  it('validates each stack, without its state', () => {
    expect(validate('cluster', 'network').status).toBe(0);
    expect(calls()).toEqual(
      ['cluster', 'network'].flatMap((stack) => [
        `-chdir=${stack} init -backend=false -input=false -lockfile=readonly -no-color`,
        `-chdir=${stack} validate -no-color`,
      ]),
    );
  });

  it('looks at all of them although one is not valid, and fails', () => {
    const { status, stdout, stderr } = validate('bad', 'network');
    expect([status, stdout, stderr]).toEqual([
      1,
      expect.stringContaining('Unsupported argument'),
      expect.stringContaining('1 of the stacks'),
    ]);
    expect(calls().at(-1)).toBe('-chdir=network validate -no-color');
  });

  it('says what to do when nothing was synthesised', () => {
    const { status, stderr } = validate();
    expect([status, stderr]).toEqual([2, expect.stringContaining('npx cdktf synth')]);
  });

  it('leaves no provider behind', () => {
    validate('network');
    expect(readdirSync(join(folder, 'temporary')).filter((name) => name.startsWith('forge-providers'))).toEqual([]);
  });
});
