import { requireHost, type Host } from '#sandbox/docker/requirements';

const GIB = 1024;
const host: Host = {
  platform: 'linux/x64',
  processors: 4,
  memoryMiB: 15 * GIB,
  diskMiB: 60 * GIB,
  whyNoMachines: undefined,
  whyNoLoopDevices: undefined,
};
const forge = (count: 1 | 3, workers: number) => ({
  servers: { count, size: 's-2vcpu-4gb', generation: 1 },
  workers: [{ name: 'general', count: workers, size: 's-4vcpu-8gb', generation: 1, labels: {}, taints: [] }],
});

describe('what the real sandbox asks of a machine', () => {
  it('is there on an ordinary laptop and on a runner of GitHub', () => {
    expect(() => requireHost(host, forge(3, 2))).not.toThrow();
  });

  it('is named with figures, all that is missing at once', () => {
    const none = { whyNoMachines: 'Docker is not installed', whyNoLoopDevices: '/dev/loop-control is not there' };
    const poor = { ...host, processors: 1, memoryMiB: GIB, diskMiB: 2 * GIB, ...none };
    expect(() => requireHost(poor, forge(1, 2))).toThrow(
      [
        'The real sandbox, with 1 server and 2 workers, needs',
        '- Docker: Docker is not installed',
        '- loop devices, for volumes: /dev/loop-control is not there',
        '- 2 processors: there is 1',
        '- 7.0 GiB of free memory: there are 1.0 GiB',
        '- 10.5 GiB of free disk: there are 2.0 GiB',
        'The quick one needs less: npx forge sandbox up',
      ].join('\n'),
    );
  });

  it('grows with servers and workers', () => {
    expect(() => requireHost({ ...host, memoryMiB: 4 * GIB }, forge(3, 4))).toThrow(/11\.0 GiB of free memory/);
  });

  it('is Linux on x86-64, for which k3s is pinned', () => {
    expect(() => requireHost({ ...host, platform: 'darwin/arm64' }, forge(1, 1))).toThrow(
      'Linux on x86-64: this is darwin/arm64',
    );
  });
});
