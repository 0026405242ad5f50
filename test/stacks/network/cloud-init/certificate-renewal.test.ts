import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { agentUserData, serverUserData } from '#stacks/network/cloud-init/render';
import { directives } from './boot';
import { machine, type Machine } from './machine';
import { cloudConfig, fileOf } from './user-data-files';
import { agentProps, joinerProps, seedProps } from './user-data-samples';

const UNITS = '/etc/systemd/system';
const RENEW = 'forge-renew-certificates';
const REPORT = 'forge-report-certificates';
const DAY_MS = 86_400_000;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const servers = numbers(3).map((number) => {
  const name = `forge-production-server-${number}`;
  return serverUserData(number === 1 ? seedProps({ name }) : joinerProps({ name }));
});
const workers = ['general-g1', 'general-g2', 'builds-g1'].flatMap((pool) =>
  numbers(20).map((number) => agentUserData(agentProps({ name: `forge-production-${pool}-${number}` }))),
);
const samples: [string, string, string][] = [
  ['server', servers[0]!, 'k3s.service'],
  ['worker', workers[0]!, 'k3s-agent.service'],
];

function restartOf(userData: string): string {
  return directives(fileOf(userData, `${UNITS}/${RENEW}.timer`).content, 'OnCalendar')[0]!;
}

const systemd = spawnSync('systemd-analyze', ['--version']).error === undefined;
const itWithSystemd = systemd ? it : it.skip;

describe('the restart by which k3s renews its certificates', () => {
  it('is on another day and at another hour on each of three servers', () => {
    const [days, hours] = [/-(\d\d) /, / (\d\d):/].map((part) => servers.map((one) => part.exec(restartOf(one))![1]));
    expect(new Set(days).size).toBe(3);
    expect(new Set(hours).size).toBe(3);
  });

  it('is at another hour on each worker of a pool', () => {
    for (const start of [0, 20, 40]) expect(new Set(workers.slice(start, start + 20).map(restartOf)).size).toBe(20);
  });

  itWithSystemd('comes, as systemd reads it, at the latest after 60 days', () => {
    const options = ['--iterations=24', '--base-time=2026-11-26 00:00:00 UTC'];
    for (const userData of [...servers, workers[0]!]) {
      const text = execFileSync('systemd-analyze', ['calendar', ...options, restartOf(userData)], { encoding: 'utf8' });
      const times = [...text.matchAll(/(?:elapse|#\d+): \w+ (\S+ \S+) UTC/g)].map(([, time]) => Date.parse(`${time}Z`));
      const pauses = times.slice(1).map((time, index) => (time - times[index]!) / DAY_MS);
      expect(pauses).toHaveLength(23);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(60);
    }
  });

  it.each(samples)('leaves the pods of a %s alone, and a k3s that does not run yet', (_, userData, k3s) => {
    const restart = fileOf(userData, `${UNITS}/${RENEW}.service`).content;
    expect(directives(restart, 'ExecStart')).toEqual([`/usr/bin/systemctl --no-block try-restart ${k3s}`]);
    expect(directives(fileOf(userData, `${UNITS}/${k3s}`).content, 'KillMode')).toEqual(['process']);
  });

  it.each(samples)('and the report are on a timer from the first boot of a %s on, at every boot', (_, userData) => {
    const timers = [RENEW, REPORT].map((name) => `${name}.timer`);
    expect(cloudConfig(userData).runcmd).toContainEqual(['systemctl', 'enable', '--now', ...timers]);
    for (const timer of timers) {
      expect(directives(fileOf(userData, `${UNITS}/${timer}`).content, 'WantedBy')).toEqual(['timers.target']);
    }
  });

  itWithSystemd.each(samples)('and the report have units that systemd accepts on a %s', (_, userData) => {
    const node = machine(userData);
    for (const kind of ['service', 'timer']) {
      const path = `${UNITS}/${REPORT}.${kind}`;
      node.write(path, node.read(path).replace(/=(\/usr\/local\/)/, `=${node.root}$1`));
    }
    const units = [RENEW, REPORT].flatMap((name) => [`${name}.service`, `${name}.timer`]);
    const paths = units.map((unit) => `${node.root}${UNITS}/${unit}`);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is asked for by a name that ends in a number', () => {
    expect(() => agentUserData(agentProps({ name: 'worker' }))).toThrow('the name worker does not end in a number');
  });
});

describe('report-certificates.sh', () => {
  const AGENT = '/var/lib/rancher/k3s/agent';
  const TLS = '/var/lib/rancher/k3s/server/tls';
  let node: Machine;

  const report = async (files: Record<string, number>): Promise<{ calls: string[]; code: number | undefined }> => {
    node.write(
      '/etc/rancher/k3s/config.yaml.d/10-node.yaml',
      'node-name: forge-test-server-1-42\nnode-ip: 10.110.0.4\n',
    );
    node.write(`${AGENT}/kubelet.kubeconfig`, 'clusters:\n- cluster:\n    server: https://127.0.0.1:6444\n');
    for (const [path, days] of Object.entries(files)) node.write(path, lasting(days));
    node.world({ spaces: '' });
    const { code } = await node.run('/usr/local/lib/forge/report-certificates.sh');
    return { code, calls: node.calls() };
  };
  const endOf = (path: string): string =>
    new Date(new X509Certificate(node.read(path)).validTo).toISOString().replace('.000Z', 'Z');

  it.each([
    ['a server', serverUserData(seedProps()), `${TLS}/etcd/client.crt`],
    ['a worker', agentUserData(agentProps()), `${AGENT}/client-kube-proxy.crt`],
  ])('writes on the Node of %s when the first of its certificates ends', async (_, userData, first) => {
    node = machine(userData);
    const { code, calls } = await report({
      [`${AGENT}/client-kubelet.crt`]: 300,
      [`${AGENT}/serving-kubelet.crt`]: 200,
      [first]: 12,
    });
    expect(code).toBe(0);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toContain('--request PATCH');
    expect(calls[0]).toContain(`{"metadata":{"annotations":{"forge/k3s-certificates-end":"${endOf(first)}"}}}`);
    expect(calls[0]).toMatch(/ https:\/\/127\.0\.0\.1:6444\/api\/v1\/nodes\/forge-test-server-1-42$/);
  });

  it('says nothing rather than leaving out a file that it cannot read, and is tried again', async () => {
    node = machine(serverUserData(seedProps()));
    node.write(`${TLS}/client-admin.crt`, '');
    const { code, calls } = await report({ [`${AGENT}/client-kubelet.crt`]: 300 });
    expect(code).not.toBe(0);
    expect(calls).toEqual([]);
  });
});

/** A certificate that ends in so many days. */
function lasting(days: number): string {
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -keyout /dev/null';
  const command = `req -x509 ${key} -subj /CN=test -days ${days}`;
  return execFileSync('openssl', command.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
