/**
 * The rendered user data, booted by real cloud-init under real systemd. A double takes the place of k3s and records how it
 * is called: what k3s itself makes of that is not shown here. Debian stands in for the droplets' Ubuntu.
 */
import { until } from '#clients/until';
import { filesOf } from '#test/stacks/network/cloud-init/user-data-files';
import { secrets } from '#test/stacks/network/cloud-init/user-data-samples';
import type { Droplet } from './droplet';
import { Lab, LIMIT_MS } from './lab';
import { expectSoundBoot } from './sound-boot';
import { unavailable, withMachines } from './with-machines';

if (unavailable !== undefined) console.warn(`No machine is booted: ${unavailable}.`);

/** Seconds in which a machine must be off. */
const SHUTDOWN = 30;
const SECRETS = Object.entries(secrets).filter(([name]) => name !== 'accessKey');
const NODE = '/etc/rancher/k3s/config.yaml.d/10-node.yaml';
const CLUSTER = '/etc/rancher/k3s/config.yaml.d/20-cluster.yaml';
const ASK_METADATA = 'curl --silent --max-time 3 http://169.254.169.254/metadata/v1/id';

let lab: Lab;
let bucket: string;
let server: Droplet;
let further: Droplet;
let worker: Droplet;
const kinds = {
  'the first server': { droplet: () => server, written: [NODE, CLUSTER] },
  'a further server': { droplet: () => further, written: [NODE] },
  'a worker': { droplet: () => worker, written: [NODE] },
};

/** A network namespace beside the host's, as a pod's. */
async function makePod(machine: Droplet): Promise<void> {
  const pod = [
    'ip netns add pod && ip link add veth0 type veth peer name veth1 netns pod',
    'ip address add 10.42.0.1/24 dev veth0 && ip link set veth0 up && sysctl -qw net.ipv4.ip_forward=1',
    'ip -n pod address add 10.42.0.2/24 dev veth1 && ip -n pod link set veth1 up && ip -n pod route add default via 10.42.0.1',
    'iptables -t nat -A POSTROUTING -s 10.42.0.0/24 -j MASQUERADE',
  ].join(' && ');
  expect(await machine.exec(pod)).toMatchObject({ code: 0, text: '' });
}

async function expectMetadataForHostOnly(machine: Droplet): Promise<void> {
  await makePod(machine);
  expect((await machine.exec(ASK_METADATA)).text).toBe(`${machine.order.id}`);
  expect((await machine.exec(`ip netns exec pod ${ASK_METADATA}`)).code).toBe(28);
}

withMachines('a booted droplet', () => {
  beforeAll(async () => {
    lab = await Lab.open();
    bucket = lab.bucket();
    const apiAddress = lab.cloud.address(1);
    server = lab.seed({ apiAddress }, bucket);
    further = lab.joiner(lab.bucket(), { servers: 3, apiAddress });
    worker = lab.worker({ apiAddress });
    await Promise.all([server, further, worker].map((droplet) => droplet.boot()));
    await server.isNode();
    await server.exec(`ip address replace ${apiAddress}/32 dev eth0`);
    await Promise.all([further.isNode(), worker.isNode()]);
  }, LIMIT_MS);
  afterAll(() => lab.close(), LIMIT_MS);

  describe.each(Object.entries(kinds))('%s', (_, { droplet, written }) => {
    it('finishes cloud-init without a failed unit', async () => {
      await expectSoundBoot(droplet());
    });

    it('has every file with the mode that the user data says, and root as its owner', async () => {
      const files = filesOf(droplet().order.userData).filter(({ path }) => !path.includes('/server/tls/'));
      const paths = files.map(({ path }) => path).join(' ');
      const { text } = await droplet().exec(`stat --format '%n %a %U:%G' ${paths}`);
      expect(text.trim().split('\n')).toEqual(files.map(({ path, mode }) => `${path} ${mode.toString(8)} root:root`));
    });

    it('keeps to root what it wrote by itself, and the folders', async () => {
      const folders = ['/etc/forge', '/etc/rancher/k3s', '/var/lib/forge'];
      const { text } = await droplet().exec(`stat --format '%n %a %U:%G' ${[...folders, ...written].join(' ')}`);
      expect(text.trim().split('\n')).toEqual([
        ...folders.map((path) => `${path} 700 root:root`),
        ...written.map((path) => `${path} 600 root:root`),
      ]);
    });

    it('shows no secret to anybody but root, be it in a file of cloud-init', async () => {
      const words = SECRETS.map(([, secret]) => `-e '${secret}'`).join(' ');
      const search = `grep --recursive --files-with-matches --fixed-strings --no-messages ${words} /etc /usr/local /var /run`;
      const nobody = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
      expect((await droplet().exec(search)).text).toContain('/etc/rancher/k3s/config.yaml');
      expect((await droplet().exec(`${nobody} ${search}`)).text).toBe('');
    });

    it('starts k3s with the name, address and provider id that the metadata service gave', async () => {
      const { order, machine } = droplet();
      const [{ settings } = { settings: '' }] = await droplet().calls();
      expect(settings).toContain(`node-name: ${order.name}-${order.id}\n`);
      expect(settings).toContain(`node-ip: ${machine.privateAddress}\nflannel-iface: eth1\n`);
      expect(settings).toContain(`provider-id=digitalocean://${order.id}\n`);
    });
  });

  it('keeps the keys of the authorities from everybody but root', async () => {
    const open =
      'find /var/lib/rancher/k3s/server/tls /var/lib/forge -name "*.key" ! \\( -perm 600 -user root -group root \\)';
    expect((await server.exec(`${open}; ls /var/lib/rancher/k3s/server/tls/*.key | wc -l`)).text.trim()).toBe('4');
  });

  it.each(['the first server', 'a worker'] as const)(
    'keeps pods from the metadata address, and not itself, also after a reboot: %s',
    async (kind) => {
      const droplet = kinds[kind].droplet();
      await expectMetadataForHostOnly(droplet);
      await droplet.exec('iptables -t raw -F PREROUTING');
      expect((await droplet.exec(`ip netns exec pod ${ASK_METADATA}`)).text).toBe(`${droplet.order.id}`);

      await droplet.losePower();
      await droplet.isNode();
      await expectMetadataForHostOnly(droplet);
    },
    LIMIT_MS,
  );

  it(
    'saves a snapshot and leaves a sign of life as soon as its k3s is ready',
    async () => {
      await server.until('ls /var/lib/forge/first-snapshot');
      expect((await server.calls()).map((call) => call.arguments.join(' '))).toContain(
        'etcd-snapshot save --name etcd-snapshot',
      );
      await until(() => lab.keys(bucket).length > 0, { every: 500, what: 'a sign of life' });
      expect(lab.keys(bucket)).toEqual([`forge-test/.alive/forge-test-server-1-${server.order.id}`]);
    },
    LIMIT_MS,
  );

  it('goes on with its data after a power cut', async () => {
    const settings = (await server.calls('server')).map((call) => call.settings);
    expect(settings).toHaveLength(2);
    expect(settings[1]).toBe(settings[0]);
    expect(await server.machine.console()).not.toContain('once more from the start');
  });

  it(
    'is off in time, although a container does not listen to SIGTERM, and takes its sign of life back',
    async () => {
      for (const { machine } of [further, worker, server]) expect(await machine.shutDown(SHUTDOWN)).toBe(true);
      expect(lab.keys(bucket)).toEqual([]);
    },
    LIMIT_MS,
  );
});
