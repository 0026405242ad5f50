import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentUserData, serverUserData } from '#stacks/network/cloud-init/render';
import { newFolder } from '#test/new-folder';
import { cloudConfig } from './user-data-files';
import { agentProps, joinerProps, seedProps } from './user-data-samples';

const MARK = '/etc/forge/prepared';
/** cloud-init leaves it before it writes the files. */
const SEMAPHORE = '/var/lib/cloud/instance/sem/config_write_files';

describe.each([
  ['first server', serverUserData(seedProps())],
  ['further server', serverUserData(joinerProps())],
  ['worker', agentUserData(agentProps())],
])('the preparation of a %s that a power cut interrupts', (_, userData) => {
  const config = cloudConfig(userData);
  let root: string;

  beforeEach(() => {
    root = newFolder('preparation');
    for (const folder of ['/etc/forge', '/var/lib/cloud/instance/sem'])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, SEMAPHORE), '');
  });

  /** What cloud-init does at every boot before anything else. */
  const boot = (): void => {
    const [[shell = '', ...args] = []] = config.bootcmd as string[][];
    execFileSync(
      shell,
      args.map((text) => text.replaceAll(/\/(etc|var)\//g, `${root}$&`)),
    );
  };

  it('is done again from the start', () => {
    boot();
    expect(existsSync(join(root, SEMAPHORE))).toBe(false);
  });

  it('is done once, when everything of it is on the disk and started at every boot', () => {
    writeFileSync(join(root, MARK), '');
    boot();
    expect(existsSync(join(root, SEMAPHORE))).toBe(true);
    const [sync, enable, mark, start] = (config.runcmd as string[][]).slice(-4);
    expect(sync).toEqual(['sync']);
    expect(enable?.slice(0, 2)).toEqual(['systemctl', 'enable']);
    expect(mark).toEqual(['touch', MARK]);
    expect(start).toContain('forge-bootstrap.service');
  });
});
