import { createHash } from 'node:crypto';
import { agentUserData } from '#stacks/network/cloud-init/render';
import { machine, type Machine } from './machine';
import { agentProps } from './user-data-samples';

const WAIT = '/usr/local/lib/forge/wait-for-servers.sh';
const CACERTS = 'certificate of the cluster';
const TOKEN = `K10${createHash('sha256').update(CACERTS).digest('hex')}::node:password`;

/** As the API server writes it for curl. */
const nodes = (...versions: string[]) =>
  versions.map((version) => `        "kubeletVersion": "${version}",\n        "kubeProxyVersion": ""\n`).join('');

/** That k3s has these two paths and lets the certificate read Nodes was seen with k3s v1.36.4; here the answers are made. */
describe('wait-for-servers.sh', () => {
  let worker: Machine;
  const k3s = { version: 'v1.37.1+k3s1', sha256: 'a'.repeat(64) };

  beforeEach(() => {
    worker = machine(agentUserData(agentProps({ k3s, token: TOKEN })));
    worker.world({ api: CACERTS, 'kube-proxy': 'certificate and key' });
  });

  it.each([
    ['the same', 'v1.37.1+k3s1'],
    ['a newer one', 'v1.37.10+k3s1'],
  ])('lets a worker join servers with %s', async (_, version) => {
    worker.world({ nodes: nodes(version, version, version) });
    expect(await worker.run(WAIT)).toEqual({ code: 0, log: '' });
    expect(worker.read('../world/login')).toBe('user = "node:password"\n');
  });

  it('waits until the last server is upgraded, and says so', async () => {
    worker.world({
      'nodes-before': nodes('v1.37.1+k3s1', 'v1.36.4+k3s1', 'v1.37.1+k3s1'),
      nodes: nodes('v1.37.1+k3s1', 'v1.37.1+k3s1', 'v1.37.1+k3s1'),
      'upgraded-after': '3',
    });
    const { code, log } = await worker.run(WAIT);
    expect(code).toBe(0);
    const line = 'Waiting until all servers run at least k3s v1.37.1+k3s1: the oldest has v1.36.4+k3s1.\n';
    expect(log).toBe(line.repeat(3));
  });

  it('shows the token to nobody who is not the cluster, and says so', async () => {
    worker.world({ api: 'another certificate', nodes: nodes('v1.37.1+k3s1') });
    const { code, log } = await worker.run(WAIT);
    // It never ended by itself.
    expect(code).toBeUndefined();
    expect(log).toContain(':6443 belongs to another cluster.');
    expect(worker.calls().join('\n')).not.toContain('client-kube-proxy');
  });

  it('is done before k3s starts for the first time', () => {
    const unit = worker.read('/etc/systemd/system/forge-bootstrap.service');
    expect(unit.indexOf(`ExecStart=${WAIT}`)).toBeGreaterThan(unit.indexOf('install-k3s.sh'));
    expect(unit.indexOf(`ExecStart=${WAIT}`)).toBeLessThan(unit.indexOf('/var/lib/forge/bootstrapped\n', 700));
  });
});
