import { serverUserData } from '#stacks/network/cloud-init/render';
import { directives } from './boot';
import { machine, type Machine } from './machine';
import { joinerProps, secrets, seedProps } from './user-data-samples';

const SCRIPT = '/usr/local/lib/forge/sign-of-life.sh';
const OBJECT =
  'https://fra1.digitaloceanspaces.com/forge-test-etcd-snapshots-0a1b2c3d/forge-test/.alive/forge-test-server-2-42';

let server: Machine;
const unit = (name: string) => server.read(`/etc/systemd/system/${name}`);
const requests = () => server.calls().filter((call) => call.startsWith('curl '));

describe.each([
  ['the first server', serverUserData(seedProps())],
  ['a further server', serverUserData(joinerProps())],
])('the sign of life of %s', (_, userData) => {
  beforeEach(() => {
    server = machine(userData);
    server.write(
      '/etc/rancher/k3s/config.yaml.d/10-node.yaml',
      'node-name: forge-test-server-2-42\nnode-ip: 10.0.0.2\n',
    );
  });

  it('is left at once when k3s is READY, and every three minutes', () => {
    expect(directives(unit('k3s.service'), 'ExecStartPost')).toContain(
      '-/usr/bin/systemctl --no-block start forge-sign-of-life.timer',
    );
    expect(directives(unit('forge-sign-of-life.timer'), 'OnActiveSec')).toEqual(['0']);
    expect(directives(unit('forge-sign-of-life.timer'), 'OnUnitInactiveSec')).toEqual(['3min']);
    expect(directives(unit('forge-sign-of-life.service'), 'After')).toEqual(['k3s.service']);
    expect(directives(unit('forge-sign-of-life.service'), 'ExecStart')).toEqual([`${SCRIPT} leave`]);
  });

  it('is an object with the name of the node, beside the snapshots', async () => {
    server.world({ 'k3s-active': '' });
    expect(await server.run(`${SCRIPT} leave`)).toMatchObject({ code: 0 });
    expect(requests()).toEqual([expect.stringMatching(/ --request PUT --data forge-test-server-2-42 /)]);
    expect(requests()[0]).toContain(` ${OBJECT}`);
  });

  it('is not left while k3s does not run, or is no member yet', async () => {
    expect(await server.run(`${SCRIPT} leave`)).toMatchObject({ code: 0 });
    expect(requests()).toEqual([]);
  });

  it('is taken back when the machine is shut down in good order, and not when only k3s ends', async () => {
    expect(directives(unit('k3s.service'), 'ExecStopPost')).toContain(`-${SCRIPT} remove`);
    expect(await server.run(`${SCRIPT} remove`)).toMatchObject({ code: 0 });
    expect(requests()).toEqual([]);
    server.world({ stopping: '' });
    expect(await server.run(`${SCRIPT} remove`)).toMatchObject({ code: 0 });
    expect(requests()).toEqual([expect.stringContaining(` --request DELETE `)]);
    expect(requests()[0]).toContain(` ${OBJECT}`);
    // The network and its names must outlive k3s. That they do, only a real machine can show.
    const after = directives(unit('k3s.service'), 'After').join(' ').split(' ');
    expect(after).toEqual(expect.arrayContaining(['network-online.target', 'nss-lookup.target']));
  });

  it('says when it could not be left', async () => {
    server.world({ 'k3s-active': '', 'spaces-refuses': '' });
    expect((await server.run(`${SCRIPT} leave`)).code).toBe(22);
  });

  it('shows the Spaces key to no other process', async () => {
    server.world({ 'k3s-active': '' });
    await server.run(`${SCRIPT} leave`);
    expect(server.mode('/etc/forge/spaces.curlrc')).toBe(0o600);
    for (const secret of Object.values(secrets)) expect(server.calls().join('\n')).not.toContain(secret);
  });
});
