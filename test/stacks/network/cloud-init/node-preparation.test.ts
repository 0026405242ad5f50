import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { agentUserData, serverUserData } from '#stacks/network/cloud-init/render';
import { boot, directives } from './boot';
import { machine, type Machine } from './machine';
import { k3sBinary } from './stubs';
import { fileOf } from './user-data-files';
import { agentProps, joinerProps } from './user-data-samples';

const LIBRARY = '/usr/local/lib/forge';
const NODE_SETTINGS = '/etc/rancher/k3s/config.yaml.d/10-node.yaml';
const k3s = { version: 'v1.36.4+k3s1', sha256: createHash('sha256').update(k3sBinary).digest('hex') };
const CACERTS = 'certificate of the cluster';
const token = `K10${createHash('sha256').update(CACERTS).digest('hex')}::node:password`;
const cluster = { api: CACERTS, 'kube-proxy': 'certificate', nodes: `"kubeletVersion": "${k3s.version}"\n` };
const metadata = {
  'metadata-id': '412345678',
  'metadata-hostname': 'forge-test-general-g1-1',
  'metadata-interfaces-private-0-ipv4-address': '10.110.0.4',
  interface: 'eth1',
};

let node: Machine;

function start(userData: string): void {
  node = machine(userData);
  node.world({ ...metadata, ...cluster, k3s: k3sBinary });
}

beforeEach(() => start(agentUserData(agentProps({ k3s, token }))));

describe('metadata-cutoff.sh', () => {
  it('drops what pods send to the metadata address, once however often it runs', async () => {
    for (let run = 0; run < 3; run++) {
      expect(await node.run(`${LIBRARY}/metadata-cutoff.sh`)).toEqual({ code: 0, log: '' });
    }
    const rule = 'PREROUTING --destination 169.254.169.254/32 --jump DROP';
    expect(node.calls().filter((call) => call.includes('--insert'))).toEqual([
      `iptables --wait --table raw --insert ${rule}`,
    ]);
  });

  it.each([
    ['server', serverUserData(joinerProps()), 'k3s.service'],
    ['worker', agentUserData(agentProps()), 'k3s-agent.service'],
  ])(
    'is done at every boot before anything starts k3s on a %s, which does not start without',
    (_, userData, service) => {
      const unit = (name: string): string => fileOf(userData, `/etc/systemd/system/${name}`).content;
      const cutoff = 'forge-metadata-cutoff.service';
      for (const name of ['forge-bootstrap.service', service]) {
        expect(directives(unit(name), 'Requires')).toContain(cutoff);
        expect(directives(unit(name), 'After').join(' ').split(' ')).toContain(cutoff);
      }
      expect(directives(unit(cutoff), 'ExecStart')).toEqual([`${LIBRARY}/metadata-cutoff.sh`]);
      expect(directives(unit(cutoff), 'WantedBy')).toEqual(['multi-user.target']);
      expect(unit(cutoff)).not.toContain('Condition');
    },
  );
});

describe('wait-for-network.sh', () => {
  it('waits until the metadata service answers, and says so', async () => {
    node.world({ 'network-after': '4' });
    const run = await node.run(`${LIBRARY}/wait-for-network.sh github.com`);
    expect(run.code).toBe(0);
    expect(run.log).toBe('Waiting for the network: the metadata service does not answer.\n'.repeat(4));
  });

  it('waits for the names that it is told', async () => {
    node.world({ unresolved: 'fra1.digitaloceanspaces.com' });
    const run = await node.run(`${LIBRARY}/wait-for-network.sh github.com fra1.digitaloceanspaces.com`);
    expect(run.code).toBeUndefined();
    expect(run.log).toContain('Waiting for the network: fra1.digitaloceanspaces.com does not resolve.');
  });
});

describe('install-k3s.sh', () => {
  const install = `${LIBRARY}/install-k3s.sh`;
  const binary = '/usr/local/bin/k3s';

  it('installs the release of the pinned version, executable', async () => {
    expect(await node.run(install)).toMatchObject({ code: 0 });
    expect(node.read(binary)).toBe(k3sBinary);
    expect(node.mode(binary)).toBe(0o755);
    expect(node.calls().join()).toContain('https://github.com/k3s-io/k3s/releases/download/v1.36.4%2Bk3s1/k3s');
  });

  it('refuses a download with another checksum and leaves nothing', async () => {
    node.world({ k3s: `${k3sBinary}# changed on the way\n` });
    const run = await node.run(install);
    expect(run.code).toBe(1);
    expect(run.log).toContain(`does not have the SHA-256 ${k3s.sha256}: refused.`);
    expect(node.has(binary)).toBe(false);
    expect(node.has(`${binary}.download`)).toBe(false);
  });

  it('says how full the disk is when the download fails, and leaves nothing of it', async () => {
    node.world({ k3s: undefined });
    const run = await node.run(install);
    expect(run.code).toBe(1);
    expect(run.log).toMatch(/^k3s could not be downloaded to a disk of which \d+% is in use\. Trying again\.$/m);
    expect(node.has(`${binary}.download`)).toBe(false);
  });

  it('downloads nothing when the binary is there', async () => {
    await node.run(install);
    const before = node.calls().length;
    expect(await node.run(install)).toEqual({ code: 0, log: '' });
    expect(node.calls()).toHaveLength(before);
  });
});

describe('configure-node.sh', () => {
  const configure = `${LIBRARY}/configure-node.sh`;

  it('names the node by its droplet for ever and keeps it in the VPC', async () => {
    expect(await node.run(configure)).toMatchObject({ code: 0 });
    expect(parse(node.read(NODE_SETTINGS))).toEqual({
      'node-name': 'forge-test-general-g1-1-412345678',
      'node-ip': '10.110.0.4',
      'flannel-iface': 'eth1',
      'kubelet-arg+': ['provider-id=digitalocean://412345678'],
    });
    expect(node.mode(NODE_SETTINGS)).toBe(0o600);
  });

  it('has a server advertise its VPC address', async () => {
    start(serverUserData(joinerProps({ k3s })));
    await node.run(configure);
    expect(parse(node.read(NODE_SETTINGS))).toMatchObject({ 'advertise-address': '10.110.0.4' });
  });

  it.each([
    ['no answer', { 'metadata-id': undefined }, ''],
    ['an id that is none', { 'metadata-id': '<html>' }, "the droplet's id is '<html>': not a number"],
    ['no VPC address', { 'metadata-interfaces-private-0-ipv4-address': 'x' }, "the VPC address is 'x'"],
    ['a name that is too long', { 'metadata-hostname': 'x'.repeat(60) }, 'more than 63 characters'],
    ['no such interface', { interface: undefined }, 'No network interface has the VPC address 10.110.0.4'],
  ])('writes nothing and fails, to be tried again, on %s', async (_, world, message) => {
    node.world(world);
    const run = await node.run(configure);
    expect(run.code).not.toBe(0);
    expect(run.log).toContain(message);
    expect(node.has(NODE_SETTINGS)).toBe(false);
  });
});

describe('the boot of a worker', () => {
  it('ends with k3s running as an agent', async () => {
    expect(await boot(node, 'k3s-agent.service')).toMatchObject({ code: 0 });
    expect(node.calls().at(-1)).toBe('k3s agent');
  });

  it('does not start k3s while pods could reach the metadata address', async () => {
    node.world({ 'iptables-fails': '' });
    expect((await boot(node, 'k3s-agent.service')).code).not.toBe(0);
    expect(node.calls().filter((call) => !call.startsWith('iptables '))).toEqual([]);
  });

  it('does not start k3s after a failure, and does at a later boot', async () => {
    node.world({ 'metadata-hostname': undefined });
    node.write('/usr/local/bin/k3s', k3sBinary, 0o755);
    expect((await boot(node, 'k3s-agent.service')).code).not.toBe(0);
    expect(node.calls()).not.toContain('k3s agent');
    node.world(metadata);
    expect(await boot(node, 'k3s-agent.service')).toMatchObject({ code: 0 });
    expect(node.calls().at(-1)).toBe('k3s agent');
  });

  it('keeps the k3s that an upgrade has put in place, at every later boot', async () => {
    await boot(node, 'k3s-agent.service');
    const upgraded = `${k3sBinary}# upgraded\n`;
    node.write('/usr/local/bin/k3s', upgraded);
    await boot(node, 'k3s-agent.service');
    expect(node.read('/usr/local/bin/k3s')).toBe(upgraded);
    expect(node.calls().at(-1)).toBe('k3s agent');
  });
});
