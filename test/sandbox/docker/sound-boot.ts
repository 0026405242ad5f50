import type { Droplet } from './droplet';

/** cloud-init is done, and no unit has failed. */
export async function expectSoundBoot(droplet: Droplet): Promise<void> {
  const failed = 'systemctl --failed --no-legend --plain';
  const log = `${failed} | cut --delimiter ' ' --fields 1 | xargs --max-args 1 --no-run-if-empty journalctl --no-pager --unit`;
  const { text } = await droplet.exec(`cloud-init status --wait; ${failed}; ${log}`);
  expect(text.trim()).toMatch(/^\.*\s*status: done$/);
}
