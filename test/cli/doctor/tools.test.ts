import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodeVersion, terraformVersion } from '#cli/doctor/tools';
import { sampleDoctor, type SampleDoctor } from './sample-doctor';

describe('what forge doctor says about tools', () => {
  let sample: SampleDoctor;

  beforeEach(async () => {
    sample = await sampleDoctor();
  });
  afterEach(() => sample.end());

  it.each(['22.0.0', '22.21.1'])('takes Node %s', (version) => {
    expect(nodeVersion(version)).toEqual({ level: 'ok', found: version });
  });

  it.each(['20.19.0', '20.20.1'])('warns of Node %s, which gets no fixes any more', (version) => {
    expect(nodeVersion(version)).toMatchObject({ level: 'warning', todo: expect.stringContaining('install Node 22') });
  });

  it.each(['18.20.8', '20.18.3', '21.7.3', '23.1.0', '24.0.0'])('refuses Node %s, as package.json does', (version) => {
    expect(nodeVersion(version)).toEqual({ level: 'failure', found: version, todo: 'Install Node 22.' });
  });

  it.each([
    ['1.11.0', 'ok'],
    ['1.14.2', 'ok'],
    ['2.0.0', 'ok'],
    ['1.10.5', 'failure'],
    ['0.15.5', 'failure'],
  ])('judges Terraform %s: %s', (version, level) => {
    expect(terraformVersion(version)).toMatchObject({ level, found: version });
  });

  it.each([
    ['terraform', 'failure', 'Install Terraform 1.11 or later. The README says what is needed.', 1],
    ['git', 'failure', 'Install git.', 1],
    ['kubectl', 'warning', 'Install kubectl.', 0],
  ])('says that %s is not there: a %s', async (name, level, todo, code) => {
    rmSync(join(sample.env['PATH']!, name));
    expect(await sample.check(name)).toEqual({ code, level, found: 'not found', todo });
  });

  it.each([
    ['terraform', 'failure', 1],
    ['git', 'failure', 1],
    ['kubectl', 'warning', 0],
  ])('tells a %s that does not run from one that is not there', async (name, level, code) => {
    sample.program(name, 'echo "no version is set for this folder" >&2; exit 126');
    const found = 'does not run: no version is set for this folder';
    const todo = `Try it: ${name} version. The README says what is needed.`;
    expect(await sample.check(name)).toEqual({ code, level, found, todo });
  });

  it('does not take another program of that name for Terraform', async () => {
    sample.program('terraform', 'echo Hello');
    expect(await sample.check('terraform')).toMatchObject({ code: 1, level: 'failure', found: 'does not run' });
  });
});
