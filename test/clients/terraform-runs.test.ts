import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '#clients/until';
import { runProgram } from '#clients/program';
import { untilTerraformEnds } from '#clients/terraform-runs';
import { newFolder } from '#test/new-folder';

/** Needs a moment to write its state down. Told a second time, it ends at once. */
const TERRAFORM = `#!/bin/bash
trap 'echo told >>told; [ $(wc -l <told) = 1 ] || exit 2; written=$((SECONDS + \${MOMENT:-0}))' INT
touch ready
until [ -n "$written" ] && ((SECONDS > written)); do sleep 0.05; done
echo "$*" >written
`;
/** As it is: Terraform has a terminal of its own, is told to stop, and loses the terminal. */
const CDKTF = `
  const terraform = require('node:child_process').spawn(process.env.TERRAFORM_BINARY_NAME, ['apply', 'a b'], { detached: true, stdio: 'ignore' });
  terraform.on('exit', () => process.exit(0));
  process.on('SIGINT', () => {
    terraform.kill('SIGINT');
    setTimeout(() => { terraform.kill('SIGHUP'); process.exit(2); }, 100);
  });`;

describe('a deploy that is interrupted', () => {
  let folder: string;
  let said: string;

  beforeEach(() => {
    folder = newFolder('terraform-runs');
    said = '';
    writeFileSync(join(folder, 'terraform'), TERRAFORM, { mode: 0o755 });
  });

  const interrupted = async (more: { patience?: number; env?: NodeJS.ProcessEnv } = {}) => {
    const ending = new AbortController();
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, ...more.env };
    const deploy = untilTerraformEnds(
      (own) =>
        runProgram(process.execPath, ['-e', CDKTF], { cwd: folder, env: { ...env, ...own }, signal: ending.signal }),
      { notify: (line) => (said += line), ...more },
    );
    await until(() => existsSync(join(folder, 'ready')), { every: 20, what: 'Terraform' });
    ending.abort();
    await expect(deploy).rejects.toThrow('AbortError');
  };
  const file = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;

  it('ends with Terraform, which has written its state down', async () => {
    await interrupted();
    expect(file('written')).toBe('apply a b\n');
    expect(file('told')).toBe('told\n');
    expect(said).toContain('Terraform finishes what it has begun');
  });

  it('ends at once when it takes too long', async () => {
    await interrupted({ patience: 300, env: { MOMENT: '1000' } });
    expect(file('written')).toBeUndefined();
    expect(file('told')).toBe('told\ntold\n');
  });

  it('ends at once on another Ctrl-C', async () => {
    const deploy = interrupted({ env: { MOMENT: '1000' } });
    await until(() => said !== '', { every: 20, what: 'the wait' });
    process.emit('SIGINT');
    await deploy;
    expect(file('written')).toBeUndefined();
  });
});
