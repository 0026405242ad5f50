import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { synthesise } from '#sandbox/cdktf';
import { newFolder } from '../new-folder';

describe('synthesis without the CLI', () => {
  const before = process.env['CDKTF_OUTPUT'];
  afterEach(() => {
    delete process.env['CDKTF_OUTPUT'];
    if (before !== undefined) process.env['CDKTF_OUTPUT'] = before;
  });

  it('puts the stacks where the CLI, which is asked next, looks for them', async () => {
    const folder = newFolder('synth');
    process.env['CDKTF_OUTPUT'] = folder;
    await synthesise({});
    for (const stack of ['network', 'cluster', 'github-secrets']) {
      expect(existsSync(join(folder, 'stacks', stack, 'cdk.tf.json'))).toBe(true);
    }
    expect(existsSync(join(folder, 'manifest.json'))).toBe(true);
  });

  it('says what the app says when it fails', async () => {
    process.env['CDKTF_OUTPUT'] = newFolder('synth');
    await expect(synthesise({ FORGE_CONFIG: '/nonexistent.yaml' })).rejects.toThrow('/nonexistent.yaml');
  });
});
