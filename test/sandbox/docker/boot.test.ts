/**
 * The rendered user data, booted by real cloud-init under real systemd. A double takes the place of k3s and records how it
 * is called: what k3s itself makes of that is not shown here. Debian stands in for the droplets' Ubuntu.
 */
import type { DockerMachine } from '#sandbox/docker/docker-machine';
import { whyNoMachines } from '#sandbox/docker/engine';
import { agentUserData, serverUserData } from '#stacks/network/cloud-init/render';
import { filesOf } from '#test/stacks/network/cloud-init/user-data-files';
import { agentProps, joinerProps, seedProps } from '#test/stacks/network/cloud-init/user-data-samples';
import { calls, k3sRelease, Lab, until } from './lab';

const unavailable = whyNoMachines();
if (unavailable !== undefined) console.warn(`No machine is booted: ${unavailable}.`);
const withMachines = unavailable === undefined ? describe : describe.skip;

const BUCKETS = {
  dying: 'forge-dying',
  empty: 'forge-empty',
  lived: 'forge-lived',
  forbidden: 'forge-forbidden',
  three: 'forge-three',
};
/** Of a server of the bucket. */
const SIGN = /\/\.alive\/forge-test-server-1-\d+$/;
const SNAPSHOT = 'etcd-snapshot-forge-test-server-1-41-1795000000';
/** Seconds in which a machine must be off. */
const SHUTDOWN = 30;
const LIMIT_MS = 600_000;
const K3S_RUNS = 'systemctl is-active --quiet k3s.service';

let lab: Lab;
let nextId = 1000;
let replacement: DockerMachine;

/** A template of Terraform's has two signs where the user data has one. */
function resolved(template: string): string {
  return template.replace(/([$%])\1(?=\{)/g, '$1');
}

function boot(name: string, userData: string): Promise<DockerMachine> {
  return lab.cloud.boot({ id: nextId++, name, userData: resolved(userData) });
}

function seedData(bucket: string, changes: Parameters<typeof seedProps>[0] = {}): string {
  const props = seedProps({ k3s: k3sRelease, apiAddress: lab.cloud.address(1) });
  return serverUserData({ ...props, snapshots: { ...props.snapshots, bucket }, ...changes });
}

async function expectSoundBoot(machine: DockerMachine): Promise<void> {
  const { text } = await machine.exec('cloud-init status --wait; systemctl --failed --no-legend --plain');
  expect(text.trim()).toMatch(/^\.*\s*status: done$/);
}

withMachines('a booted machine', () => {
  beforeAll(async () => {
    const { forbidden, ...open } = BUCKETS;
    lab = await Lab.open(Object.values(open), [forbidden]);
    lab.put(BUCKETS.lived, `forge-test/${SNAPSHOT}`);
    // It takes its time, for the sake of a cluster that may only be slow to answer.
    replacement = await boot('forge-test-server-1', seedData(BUCKETS.lived, { apiAddress: lab.cloud.address(2) }));
  }, LIMIT_MS);
  afterAll(() => lab.close(), LIMIT_MS);

  /** The only server of its cluster. */
  let server: DockerMachine;
  const haveReservedIp = () => server.exec(`ip address replace ${lab.cloud.address(1)}/32 dev eth0`);

  describe('of a single server', () => {
    beforeAll(async () => {
      server = await boot('forge-test-server-1', seedData(BUCKETS.empty));
      await until(server, K3S_RUNS);
    }, LIMIT_MS);

    it('finishes cloud-init without a failed unit', async () => {
      await expectSoundBoot(server);
    });

    it('has every file with the mode that the user data says, and root as its owner', async () => {
      const files = filesOf(resolved(seedData(BUCKETS.empty))).filter(({ path }) => !path.includes('/server/tls/'));
      const { text } = await server.exec(`stat --format '%n %a %U:%G' ${files.map(({ path }) => path).join(' ')}`);
      expect(text.trim().split('\n')).toEqual(files.map(({ path, mode }) => `${path} ${mode.toString(8)} root:root`));
    });

    it('keeps the keys of the authorities from everybody but root', async () => {
      const open = 'find /var/lib/rancher/k3s/server/tls /var/lib/forge -name "*.key" -perm /077';
      expect((await server.exec(`${open}; ls /var/lib/rancher/k3s/server/tls/*.key | wc -l`)).text.trim()).toBe('4');
    });

    it('starts a new cluster, as nobody answers and there is no snapshot', async () => {
      expect(await calls(server)).toContainEqual({
        arguments: ['server'],
        settings: expect.stringContaining('cluster-init: true') as string,
      });
    });

    it('keeps pods from the metadata address, and not itself', async () => {
      const pod = [
        'ip netns add pod && ip link add veth0 type veth peer name veth1 netns pod',
        'ip address add 10.42.0.1/24 dev veth0 && ip link set veth0 up && sysctl -qw net.ipv4.ip_forward=1',
        'ip -n pod address add 10.42.0.2/24 dev veth1 && ip -n pod link set veth1 up && ip -n pod route add default via 10.42.0.1',
        'iptables -t nat -A POSTROUTING -s 10.42.0.0/24 -j MASQUERADE',
      ].join(' && ');
      expect(await server.exec(pod)).toMatchObject({ code: 0, text: '' });
      const ask = 'curl --silent --max-time 3 http://169.254.169.254/metadata/v1/id';
      expect((await server.exec(ask)).text).toBe(`${server.id}`);
      expect((await server.exec(`ip netns exec pod ${ask}`)).code).toBe(28);
      await server.exec('iptables -t raw -F PREROUTING');
      expect((await server.exec(`ip netns exec pod ${ask}`)).text).toBe(`${server.id}`);
    });

    it('saves a snapshot and leaves a sign of life as soon as its k3s is ready', async () => {
      await until(server, 'ls /var/lib/forge/first-snapshot');
      expect((await calls(server)).map((call) => call.arguments.join(' '))).toContain(
        'etcd-snapshot save --name etcd-snapshot',
      );
      expect(lab.keys(BUCKETS.empty)).toEqual([expect.stringMatching(SIGN)]);
    });

    it('is off in time, although a container does not listen to SIGTERM, and takes its sign of life back', async () => {
      expect(await server.shutDown(SHUTDOWN)).toBe(true);
      expect(lab.keys(BUCKETS.empty)).toEqual([]);
    });

    it('goes on with its data after a power cut', async () => {
      await server.powerOnAgain();
      await until(server, K3S_RUNS);
      const servers = (await calls(server)).filter((call) => call.arguments[0] === 'server');
      expect(servers).toHaveLength(2);
    });
  });

  describe('of a worker', () => {
    let worker: DockerMachine;

    beforeAll(async () => {
      await haveReservedIp();
      const props = agentProps({ k3s: k3sRelease, apiAddress: lab.cloud.address(1) });
      worker = await boot('forge-test-general-g1-1', agentUserData(props));
      await until(worker, 'systemctl is-active --quiet k3s-agent.service');
    }, LIMIT_MS);

    it('finishes cloud-init without a failed unit', async () => {
      await expectSoundBoot(worker);
    });

    it('starts k3s with the name, address and provider id that the metadata service gave', async () => {
      const [call] = (await calls(worker)).filter(({ arguments: [first] }) => first === 'agent');
      expect(call?.settings).toContain(`node-name: forge-test-general-g1-1-${worker.id}`);
      expect(call?.settings).toContain(`node-ip: ${worker.privateAddress}\nflannel-iface: eth1`);
      expect(call?.settings).toContain(`provider-id=digitalocean://${worker.id}`);
    });

    it('is off in time', async () => {
      expect(await worker.shutDown(SHUTDOWN)).toBe(true);
    });
  });

  describe('of three servers behind a load balancer that delivers to its own address', () => {
    it(
      'takes requests when its k3s is ready and not before; the next one waits for that, and joins',
      async () => {
        const address = lab.cloud.address(4);
        const three = { servers: 3, apiAddress: address } as const;
        const seed = await boot('forge-test-server-1', seedData(BUCKETS.three, three));
        await seed.exec('mkdir /var/lib/k3s-double && touch /var/lib/k3s-double/not-ready');
        const joiner = await boot('forge-test-server-2', serverUserData(joinerProps({ k3s: k3sRelease, ...three })));
        await joiner.exec(`ip route add ${address} via ${seed.publicAddress}`);
        const owned = `ip route show table local | grep --quiet 'local ${address} dev eth0'`;

        await until(seed, 'ss --listening --no-header "sport = 6443" | grep --quiet .');
        await until(joiner, "journalctl --unit forge-bootstrap | grep --quiet 'Waiting for the cluster'");
        expect((await seed.exec(owned)).code).toBe(1);
        expect(await calls(joiner)).toEqual([]);

        await seed.exec('rm /var/lib/k3s-double/not-ready');
        await until(seed, owned);
        await until(joiner, K3S_RUNS);
        expect((await calls(joiner))[0]?.settings).toContain(`server: "https://${address}:6443"`);

        await seed.exec('systemctl stop k3s.service');
        expect((await seed.exec(owned)).code).toBe(1);
        await seed.exec('systemctl start k3s.service');
        expect((await seed.exec(owned)).code).toBe(0);
      },
      LIMIT_MS,
    );
  });

  describe('of a server that was lost and made again', () => {
    it(
      'restores the newest snapshot before k3s starts',
      async () => {
        await until(replacement, K3S_RUNS);
        const starts = (await calls(replacement))
          .map((call) => call.arguments)
          .filter(([command]) => command === 'server');
        expect(starts).toEqual([['server', '--cluster-reset', `--cluster-reset-restore-path=${SNAPSHOT}`], ['server']]);
      },
      LIMIT_MS,
    );
  });

  describe('whose first k3s dies before it is ready', () => {
    it(
      'begins the new cluster once more',
      async () => {
        const server = await boot('forge-test-server-1', seedData(BUCKETS.dying, { apiAddress: lab.cloud.address(5) }));
        await server.exec('mkdir /var/lib/k3s-double && touch /var/lib/k3s-double/dies');
        await until(server, K3S_RUNS);
        expect((await server.exec('ls /var/lib/k3s-double /var/lib/forge')).text).not.toMatch(/dies|founding/);
      },
      LIMIT_MS,
    );
  });

  describe('that cannot become a node', () => {
    it(
      'starts nothing beside a server that leaves signs of life, although its address is dead',
      async () => {
        const other = await boot('forge-test-server-1', seedData(BUCKETS.empty, { apiAddress: lab.cloud.address(6) }));
        await until(other, "journalctl --unit forge-bootstrap | grep --quiet 'left a sign of life'");
        expect(await calls(other)).toEqual([]);
        expect(await other.console()).toContain('left a sign of life');
      },
      LIMIT_MS,
    );

    it(
      'starts nothing while Spaces refuses, and shows why on its console',
      async () => {
        const server = await boot(
          'forge-test-server-1',
          seedData(BUCKETS.forbidden, { apiAddress: lab.cloud.address(3) }),
        );
        await until(
          server,
          "journalctl --unit forge-bootstrap | grep --quiet 'Not knowing whether there is a snapshot'",
        );
        expect(await calls(server)).toEqual([]);
        expect(await server.console()).toContain('Not knowing whether there is a snapshot, nothing is started.');
      },
      LIMIT_MS,
    );

    it(
      'refuses a k3s with another checksum, and shows it on its console',
      async () => {
        const other = { ...k3sRelease, sha256: '0'.repeat(64) };
        const worker = await boot('forge-test-general-g1-2', agentUserData(agentProps({ k3s: other })));
        await until(worker, "journalctl --unit forge-bootstrap | grep --quiet 'refused'");
        expect((await worker.exec('ls /usr/local/bin')).text).not.toContain('k3s');
        expect(await worker.console()).toContain('does not have the SHA-256');
      },
      LIMIT_MS,
    );
  });
});
