import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { serverUserData } from '#stacks/network/cloud-init/render';
import { boot, directives } from './boot';
import { machine, type Machine } from './machine';
import { k3sBinary } from './stubs';
import { filesOf } from './user-data-files';
import { joinerProps, seedProps } from './user-data-samples';

const SCRIPT = '/usr/local/lib/forge/api-route.sh';
const ADDRESS = '203.0.113.10';
const NETWORKD = '/etc/systemd/networkd.conf.d/90-forge.conf';
const ROUTE = `ip route replace local ${ADDRESS} dev eth0`;

const seed = serverUserData(seedProps({ servers: 3 }));
const joiner = serverUserData(joinerProps());

let server: Machine;

function start(userData: string): void {
  server = machine(userData);
  server.world({ 'default-route': 'default via 198.51.100.1 dev eth0 proto static \n' });
}

const unit = () => server.read('/etc/systemd/system/k3s.service');

describe.each([
  ['first', seed],
  ['further', joiner],
])('the %s of three servers', (_, userData) => {
  beforeEach(() => start(userData));

  it('takes the load balancer’s address only when k3s is READY, and gives it back whenever k3s ends', async () => {
    expect(directives(unit(), 'Type')).toEqual(['notify']);
    const add = directives(unit(), 'ExecStartPost').find((command) => command.startsWith(SCRIPT));
    expect(add).toBe(`${SCRIPT} add ${ADDRESS}`);
    // A route that is not there is no reason to call the end of k3s a failure.
    expect(directives(unit(), 'ExecStopPost')).toContain(`-${SCRIPT} delete ${ADDRESS}`);
    expect(await server.run(add!)).toMatchObject({ code: 0 });
    expect(server.calls()).toContain(ROUTE);
    expect(await server.run(`${SCRIPT} delete ${ADDRESS}`)).toMatchObject({ code: 0 });
    expect(server.calls().at(-1)).toBe(`ip route delete local ${ADDRESS}`);
  });

  it('does not have it before k3s starts: what it asks of the cluster must not stay on the machine', async () => {
    server.write('/usr/local/bin/k3s', k3sBinary, 0o755);
    server.write('/var/lib/forge/bootstrapped', '');
    expect(await boot(server, 'k3s.service')).toMatchObject({ code: 0 });
    expect(server.calls().at(-1)).toBe('k3s server');
    expect(server.calls().filter((call) => call.startsWith('ip '))).toEqual([]);
  });

  it('says why it cannot take it, and k3s is started again until it can', async () => {
    server.world({ 'default-route': undefined });
    const { code, log } = await server.run(`${SCRIPT} add ${ADDRESS}`);
    expect(code).toBe(1);
    expect(log).toContain(`There is no default route, so it is not known on which interface packets for ${ADDRESS}`);
    expect(directives(unit(), 'Restart')).toEqual(['always']);
  });

  // That it does, only a real machine can show.
  it('tells networkd to leave the route alone when it restarts', () => {
    expect(server.read(NETWORKD)).toMatch(/^\[Network\]\nManageForeignRoutes=no$/m);
  });
});

describe('a single server', () => {
  it('has no such route: its reserved IP is translated before packets reach it', () => {
    start(serverUserData(seedProps()));
    expect(unit()).not.toContain('api-route');
    expect(filesOf(serverUserData(seedProps())).map(({ path }) => path)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/api-route|networkd/)]),
    );
  });
});

const isolated = ['--user', '--map-root-user', '--net'];
const itWithNamespaces = spawnSync('unshare', [...isolated, 'ip', 'link']).status === 0 ? it : it.skip;

describe('a real kernel', () => {
  itWithNamespaces('takes packets for the address between the two', () => {
    start(joiner);
    const steps = [
      'ip link set lo up; ip route add default dev lo',
      `bash ${join(server.root, SCRIPT)} add ${ADDRESS}`,
      `ip route get ${ADDRESS}`,
      `bash ${join(server.root, SCRIPT)} delete ${ADDRESS}`,
      `ip route get ${ADDRESS}`,
    ];
    const log = execFileSync('unshare', [...isolated, 'sh', '-e', '-c', steps.join('; ')], { encoding: 'utf8' });
    const [before, after] = log.split('no longer') as [string, string];
    expect(before).toMatch(new RegExp(`^local ${ADDRESS} dev lo`, 'm'));
    expect(after).not.toContain(`local ${ADDRESS}`);
  });
});
