import { serverUserData } from '#stacks/network/cloud-init/render';
import { directives } from './boot';
import { fileOf, filesOf } from './user-data-files';
import { joinerProps, seedProps } from './user-data-samples';

const unit = (userData: string, name: string): string => fileOf(userData, `/etc/systemd/system/${name}`).content;

describe.each([1, 3] as const)('the first of %i servers', (servers) => {
  const seed = serverUserData(seedProps({ servers }));
  const timer = unit(seed, 'forge-first-snapshot.timer');
  const service = unit(seed, 'forge-first-snapshot.service');

  it('saves a snapshot as soon as k3s is READY, and again when the first deploy is done', () => {
    expect(directives(unit(seed, 'k3s.service'), 'ExecStartPost')).toContain(
      '-/usr/bin/systemctl --no-block start forge-first-snapshot.timer',
    );
    expect(directives(timer, 'OnActiveSec')).toEqual(['0', '10min', '1h']);
    // systemd runs ExecStartPost before it calls k3s active.
    expect(directives(service, 'After')).toEqual(['k3s.service']);
  });

  it('saves it where and as the schedule does, so that it is found and counted', () => {
    expect(directives(service, 'ExecStart')[0]).toBe('/usr/local/bin/k3s etcd-snapshot save --name etcd-snapshot');
  });

  it('tries until it succeeds, and then never again, whatever is restarted', () => {
    expect(directives(service, 'Type')).toEqual(['oneshot']);
    expect(directives(service, 'Restart')).toEqual(['on-failure']);
    expect(directives(service, 'StartLimitIntervalSec')).toEqual(['0']);
    expect(directives(service, 'ExecStart')[1]).toBe('/usr/bin/touch /var/lib/forge/first-snapshot');
    expect(directives(timer, 'ConditionPathExists')).toEqual(['!/var/lib/forge/first-snapshot']);
  });
});

describe('a further server', () => {
  it('leaves that to the first', () => {
    const joiner = serverUserData(joinerProps());
    expect(filesOf(joiner).filter(({ path }) => path.includes('first-snapshot'))).toEqual([]);
    expect(unit(joiner, 'k3s.service')).not.toContain('first-snapshot');
  });
});
