import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { parse } from 'yaml';
import { agentUserData, serverUserData } from '#stacks/network/cloud-init/render';
import { sampleConfig, synthesise } from '#test/stacks/sample';
import { directives } from './boot';
import { machine, type Machine } from './machine';
import { fileOf, filesOf } from './user-data-files';
import { agentProps, joinerProps, seedProps } from './user-data-samples';

jest.setTimeout(30_000);

const UNITS = '/etc/systemd/system/';
const CONTAINERS = 'forge-containers.service';
const STOP = '/usr/local/lib/forge/stop-containers.sh';
const agent = agentUserData(agentProps());
const machines = [
  ['first server', 'k3s.service', serverUserData(seedProps())],
  ['further server', 'k3s.service', serverUserData(joinerProps())],
  ['worker', 'k3s-agent.service', agent],
] as const;

const unitOf = (userData: string, name: string) => fileOf(userData, `${UNITS}${name}`).content;
const namesIn = (unit: string, directive: string) => directives(unit, directive).flatMap((line) => line.split(' '));

/** Units in the order in which systemd stops them: the reverse of the order in which it starts them. */
function stopOrder(userData: string, names: readonly string[]): string[] {
  const isAfter = (one: string, other: string) =>
    namesIn(unitOf(userData, one), 'After').includes(other) || namesIn(unitOf(userData, other), 'Before').includes(one);
  return [...names].sort((one, other) => (isAfter(one, other) ? -1 : isAfter(other, one) ? 1 : 0));
}

describe.each(machines)('a %s that shuts down', (_, k3s, userData) => {
  it('stops its containers when k3s has ended, as often as it was up', () => {
    expect(stopOrder(userData, [CONTAINERS, k3s])).toEqual([k3s, CONTAINERS]);
    expect(namesIn(unitOf(userData, k3s), 'Wants')).toContain(CONTAINERS);
    expect(directives(unitOf(userData, CONTAINERS), 'ExecStop')).toEqual([STOP]);
    expect(directives(unitOf(userData, CONTAINERS), 'RemainAfterExit')).toEqual(['yes']);
  });

  it('leaves its containers alone when only k3s is restarted', () => {
    expect(unitOf(userData, CONTAINERS)).not.toMatch(/^(PartOf|BindsTo|Requires|Requisite)=/m);
    expect(unitOf(userData, k3s)).toContain('KillMode=process\n');
    expect(unitOf(userData, k3s)).not.toContain('stop-containers');
  });
});

describe('a worker that shuts down', () => {
  const DRAIN = 'forge-drain.service';

  it('moves its pods away while k3s still runs, as often as it was up', () => {
    expect(stopOrder(agent, [CONTAINERS, 'k3s-agent.service', DRAIN])).toEqual([
      DRAIN,
      'k3s-agent.service',
      CONTAINERS,
    ]);
    expect(namesIn(unitOf(agent, 'k3s-agent.service'), 'Wants')).toContain(DRAIN);
    expect(unitOf(agent, DRAIN)).not.toMatch(/^(PartOf|BindsTo|Requires|Requisite)=/m);
  });

  it('is off before Terraform gives up, whatever it could not move', () => {
    const [drain] = directives(unitOf(agent, DRAIN), 'TimeoutStopSec');
    const { resource } = synthesise(sampleConfig).stacks['network'] as { resource: Record<string, any> };
    const droplet = resource['digitalocean_droplet'][Object.keys(resource['digitalocean_droplet']).at(-1)!];
    const [moving, terraform] = [drain!, droplet.timeouts.delete as string].map((text) => {
      expect(text).toMatch(/^\d+m(in)?$/);
      return 60 * Number.parseInt(text, 10);
    }) as [number, number];
    const OFF_SECONDS = 30;
    const PROVIDER_SECONDS = 30;
    expect(moving + OFF_SECONDS + PROVIDER_SECONDS).toBeLessThan(terraform);
  });

  it("leaves the pods to itself: its kubelet would end them before, at logind's word", () => {
    expect(filesOf(agent).map(({ path }) => path)).not.toContainEqual(expect.stringContaining('kubelet.conf.d'));
  });
});

/** The longest that each part takes by its own settings: none of it was measured on a droplet. */
describe('a node that has nothing to move', () => {
  const seconds = (unit: string) => Number.parseInt(directives(unit, 'TimeoutStopSec')[0]!, 10);

  it.each(machines)('is off within 30 seconds: a %s', (role, k3s, userData) => {
    const pods = role === 'worker' ? 0 : Number.parseInt(gracePeriod(userData).shutdownGracePeriod, 10);
    const parts = [pods, seconds(unitOf(userData, k3s)), seconds(unitOf(userData, CONTAINERS))];
    expect(parts.reduce((sum, part) => sum + part)).toBeLessThanOrEqual(30);
    expect(parts).not.toContain(Number.NaN);
  });
});

interface GracePeriod {
  readonly shutdownGracePeriod: string;
  readonly shutdownGracePeriodCriticalPods: string;
}

function gracePeriod(userData: string): GracePeriod {
  const file = filesOf(userData).find(({ path }) => path.startsWith('/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/'));
  expect(file?.path).toMatch(/[1-9][0-9]-.*\.conf$/);
  return parse(file!.content) as GracePeriod;
}

describe.each(machines.slice(0, 2))("a %s's kubelet", (_, __, userData) => {
  it('ends its pods gracefully at a shutdown, those of the system last, for as long as logind waits', () => {
    const { shutdownGracePeriod, shutdownGracePeriodCriticalPods } = gracePeriod(userData);
    const logind = fileOf(userData, '/etc/systemd/logind.conf.d/90-forge.conf').content;
    const [all, critical, inhibit] = [
      shutdownGracePeriod,
      shutdownGracePeriodCriticalPods,
      directives(logind, 'InhibitDelayMaxSec')[0]!,
    ].map((text) => Number.parseInt(text, 10)) as [number, number, number];
    expect(critical).toBeGreaterThan(0);
    expect(all).toBeGreaterThan(critical);
    expect(inhibit).toBeGreaterThanOrEqual(all);
  });
});

/** With real processes. Their cgroups are files that a test wrote: what the kernel lists there, only a real node shows. */
describe('stop-containers.sh', () => {
  const realSleep = { PATH: '/usr/bin:/bin' };
  const children: ChildProcess[] = [];
  let node: Machine;
  beforeEach(() => (node = machine(agent)));
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  const start = (script: string, ...args: string[]): ChildProcess => {
    const child = spawn('bash', ['-c', script, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    return child;
  };
  const until = async ({ stdout }: ChildProcess, text: string) => {
    for await (const line of stdout!) if (String(line).includes(text)) return;
  };
  const ended = async (child: ChildProcess) => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.signalCode ?? child.exitCode;
  };
  const inContainer = (pod: string, child: ChildProcess) =>
    node.write(`/sys/fs/cgroup/kubepods.slice/kubepods-${pod}.slice/cri-${pod}.scope/cgroup.procs`, `${child.pid}\n`);

  it('lets programs end by themselves, then ends those that do not', async () => {
    const willing = start('trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done');
    const deaf = start('trap "" TERM; echo ready; while :; do sleep 0.1; done');
    const stranger = start('echo ready; exec sleep 60');
    for (const child of [willing, deaf, stranger]) await until(child, 'ready');
    inContainer('willing', willing);
    inContainer('deaf', deaf);
    node.write('/sys/fs/cgroup/system.slice/ssh.service/cgroup.procs', `${stranger.pid}\n`);

    expect((await node.run(STOP, realSleep)).code).toBe(0);
    expect(await ended(willing)).toBe(7);
    expect(await ended(deaf)).toBe('SIGKILL');
    expect(stranger.exitCode).toBeNull();
    expect(stranger.signalCode).toBeNull();
  });

  it("ends k3s' shims, which take no notice of SIGTERM", async () => {
    const path = `${node.root}/var/lib/rancher/k3s/data/0a1b/bin/containerd-shim-runc-v2`;
    node.write('/var/lib/rancher/k3s/data/0a1b/bin/containerd-shim-runc-v2', '');
    const shim = start('exec -a "$0" bash -c \'trap "" TERM; echo ready; while :; do sleep 0.1; done\'', path);
    await until(shim, 'ready');
    expect((await node.run(STOP, realSleep)).code).toBe(0);
    expect(await ended(shim)).toBe('SIGKILL');
  });

  it('does nothing where no container runs', async () => {
    expect(await node.run(STOP, realSleep)).toEqual({ code: 0, log: '' });
  });
});
