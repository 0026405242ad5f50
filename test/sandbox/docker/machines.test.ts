/** Droplets of the emulated account as containers, asked for over DigitalOcean's API and reached over their networks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { act, addressOf, assign, DROPLET, ended } from '#test/sandbox/cloud/digitalocean/samples';
import { containerAccount, say, USER_DATA, VPC, type ContainerAccount } from './droplets';
import { withMachines } from './with-machines';

const LIMIT_MS = 180_000;
const POLL_MS = 500;
const ANYWHERE = { addresses: ['0.0.0.0/0', '::/0'] };

let account: ContainerAccount;
let first: any;
let second: any;
let network: any;
let entrance: any;

/** Asks again until the answer fits, or time is over: then it is the last one. */
async function eventually<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask();
    if (fits(answer) || tries === 240) return answer;
    await sleep(POLL_MS);
  }
}

const answers = (answer: string | undefined) => answer !== undefined;
const isSilent = (answer: string | undefined) => answer === undefined;

/** What a droplet is told at an address by one of its kind. */
function heard(droplet: any, address: string, port: number): Promise<string> {
  const talk = `exec 3<>/dev/tcp/${address}/${port} && echo hello >&3 && cat <&3`;
  return account.on(droplet.id, `timeout 3 bash -c '${talk}' 2>/dev/null`);
}

withMachines('droplets as containers', () => {
  beforeAll(async () => {
    account = await containerAccount();
    const { api } = account;
    const vpc = await api.post('/v2/vpcs', { name: 'inside', region: 'fra1', ip_range: VPC });
    const make = (name: string) =>
      api.post('/v2/droplets', { ...DROPLET, name, tags: ['web'], vpc_uuid: vpc.id, user_data: USER_DATA });
    const made = [await make('first'), await make('second')];
    [first, second] = await Promise.all(made.map(({ id }) => api.get(`/v2/droplets/${id}`)));
    for (const droplet of [first, second]) await eventually(() => say(addressOf(droplet, 'public'), 8080), answers);
    const balancer = (name: string, entry: number, target: number, more: object) => ({
      name,
      region: 'fra1',
      vpc_uuid: vpc.id,
      tag: 'web',
      health_check: { port: target, protocol: 'tcp' },
      forwarding_rules: [{ entry_protocol: 'tcp', entry_port: entry, target_protocol: 'tcp', target_port: target }],
      ...more,
    });
    entrance = await api.post('/v2/load_balancers', balancer('entrance', 80, 30080, { enable_proxy_protocol: true }));
    network = await api.post('/v2/load_balancers', balancer('api', 6443, 6443, { type: 'REGIONAL_NETWORK' }));
  }, LIMIT_MS);
  afterAll(() => account.close(), LIMIT_MS);

  it('boot with the addresses, the id and the name that the account gave them', async () => {
    const address = addressOf(first, 'public');
    expect(await say(address, 8080)).toBe(`first ${account.hostAddress} ${address} hello`);
    expect(await account.on(first.id, 'curl -s http://169.254.169.254/metadata/v1/id')).toBe(`${first.id}`);
  });

  it('reach each other in the VPC', async () => {
    const [from, to] = [addressOf(first, 'private'), addressOf(second, 'private')];
    expect(await heard(first, to, 8080)).toBe(`second ${from} ${to} hello`);
  });

  it('reach a name of the sandbox at the port of HTTPS, which the network rules of their pods let through', async () => {
    const door = account.hostAddress.replace(/1$/, '131');
    const asked = () => account.on(first.id, 'curl -s --max-time 3 https://example.org');
    expect(await eventually(asked, (text) => text !== '')).toBe(`HTTPS from ${door}`);
    expect(await account.on(first.id, 'iptables -t nat -S OUTPUT')).toContain(
      `--dport 443 -j DNAT --to-destination ${door}:443`,
    );
  });

  it('read the repository over SSH with a deploy key, change nothing, and do nothing else there', async () => {
    const ssh = 'ssh -o BatchMode=yes -o StrictHostKeyChecking=no -i /root/key';
    const git = (command: string) => account.on(first.id, `GIT_SSH_COMMAND='${ssh}' git ${command} 2>&1`);
    const key = await account.on(first.id, 'ssh-keygen -q -t ed25519 -N "" -f /root/key && cat /root/key.pub');
    const read = () => git('clone git@example.org:acme/forge.git /root/clone');
    expect(await read()).toContain('Permission denied (publickey)');
    account.admit([key]);
    expect(await read()).toContain('You appear to have cloned an empty repository');
    await git('-C /root/clone -c user.name=me -c user.email=me@example.org commit --allow-empty --message change');
    expect(await git('-C /root/clone push origin HEAD')).toMatch(/unable to create temporary object directory/);
    expect(await account.on(first.id, `${ssh} git@example.org cat /etc/passwd 2>&1`)).not.toContain('root:');
    account.admit([]);
    expect(await git('-C /root/clone fetch')).toContain('Permission denied (publickey)');
  });

  it('get what is sent to a reserved IP while it is assigned to them', async () => {
    const { ip } = await account.api.post('/v2/reserved_ips', { region: 'fra1' });
    for (const droplet of [first, second, first]) {
      await assign(account.api, ip, droplet.id);
      const answer = await eventually(
        () => say(ip, 8080),
        (text) => text?.startsWith(droplet.name) === true,
      );
      expect(answer).toBe(`${droplet.name} ${account.hostAddress} ${ip} hello`);
    }
  });

  it('take turns behind a load balancer, which tells them who the client is', async () => {
    const introduced = new RegExp(
      `^(first|second) ${entrance.ip} \\S+ PROXY TCP4 ${account.hostAddress} ${entrance.ip} \\d+ 80$`,
    );
    await eventually(() => say(entrance.ip, 80), answers);
    const told = [];
    for (let turn = 0; turn < 4; turn += 1) told.push(await say(entrance.ip, 80));
    expect(told).toEqual(told.map(() => expect.stringMatching(introduced)));
    expect(new Set(told.map((text) => text?.split(' ')[0])).size).toBe(2);
  });

  it(
    "get a network load balancer's packets while they own its address, and nobody else does",
    async () => {
      const ask = () => say(network.ip, 6443);
      expect(await ask()).toBeUndefined();
      for (const droplet of [first, second]) {
        await account.on(droplet.id, `ip route replace local ${network.ip} dev eth0`);
        const direct = `${droplet.name} ${account.hostAddress} ${network.ip} hello`;
        expect(await eventually(ask, (text) => text === direct)).toBe(direct);
        await account.on(droplet.id, `ip route delete local ${network.ip} dev eth0`);
        expect(await eventually(ask, isSilent)).toBeUndefined();
      }
      for (const { id } of [first, second]) await account.on(id, `ip route replace local ${network.ip} dev eth0`);
      const heardOf = new Set<string | undefined>();
      await eventually(
        async () => heardOf.add((await ask())?.split(' ')[0]),
        () => ['first', 'second'].every((name) => heardOf.has(name)),
      );
      expect([...heardOf]).toEqual(expect.arrayContaining(['first', 'second']));
    },
    LIMIT_MS,
  );

  it(
    'have a volume as a disk while it is attached to them, with what is on it, also after a restart',
    async () => {
      const { api, loopDevices } = account;
      const { id } = await api.post('/v2/volumes', { name: 'pvc-1', region: 'fra1', size_gigabytes: 1 });
      const change = (action: object) => ended(api, `/v2/volumes/${id}/actions`, action);
      const disk = '/dev/disk/by-id/scsi-0DO_Volume_pvc-1';
      const mounted = `mount ${disk} /mnt`;
      await change({ type: 'attach', droplet_id: first.id });
      await account.on(first.id, `mkfs.ext4 -q ${disk} && ${mounted} && echo data >/mnt/file && umount /mnt`);
      await change({ type: 'resize', size_gigabytes: 2 });
      expect(await account.on(first.id, `blockdev --getsize64 ${disk}`)).toBe(`${2 * 1024 ** 3}`);
      await act(api, first.id, { type: 'shutdown' });
      await act(api, first.id, { type: 'power_on' });
      expect(await account.on(first.id, `${mounted} && cat /mnt/file && umount /mnt`)).toBe('data');

      await change({ type: 'detach', droplet_id: first.id });
      expect(loopDevices()).toEqual([]);
      expect(await account.on(first.id, `ls ${disk} 2>&1`)).toContain('No such file');
      await change({ type: 'attach', droplet_id: second.id });
      expect(await account.on(second.id, `${mounted} && cat /mnt/file && umount /mnt`)).toBe('data');
      await change({ type: 'detach', droplet_id: second.id });
      await api.delete(`/v2/volumes/${id}`);
      expect(account.volumeFiles()).toEqual([]);
    },
    LIMIT_MS,
  );

  describe('with a firewall', () => {
    let firewall: any;

    beforeAll(async () => {
      firewall = await account.api.post('/v2/firewalls', {
        name: 'web',
        tags: ['web'],
        inbound_rules: [
          { protocol: 'tcp', ports: '30080', sources: { load_balancer_uids: [entrance.id] } },
          { protocol: 'tcp', ports: '8000-8999', sources: { addresses: [VPC] } },
        ],
        outbound_rules: [{ protocol: 'tcp', ports: '8080', destinations: ANYWHERE }],
      });
    });

    it('take what a rule lets in, and nothing else', async () => {
      const address = addressOf(second, 'public');
      expect(await say(address, 8080)).toBeUndefined();
      expect(await say(address, 30080)).toBeUndefined();
      expect(await heard(first, address, 8080)).toBe('');
      expect(await heard(first, addressOf(second, 'private'), 8080)).toContain('second');
      expect(await say(entrance.ip, 80)).toContain('PROXY');
    });

    it('send what a rule lets out, and nothing else but questions to the metadata service', async () => {
      expect(await heard(first, addressOf(second, 'private'), 30080)).toBe('');
      expect(await account.on(first.id, 'curl -s -m 3 http://169.254.169.254/metadata/v1/hostname')).toBe('first');
    });

    it(
      'keep it over a restart, with their disk and a reserved IP, in another size',
      async () => {
        const { api } = account;
        const file = '/root/kept';
        await account.on(first.id, `touch ${file}`);
        await act(api, first.id, { type: 'shutdown' });
        expect((await api.get(`/v2/droplets/${first.id}`)).status).toBe('off');
        await act(api, first.id, { type: 'resize', size: 's-4vcpu-8gb' });
        await act(api, first.id, { type: 'power_on' });
        await eventually(
          () => heard(second, addressOf(first, 'private'), 8080),
          (text) => text !== '',
        );

        const [{ ip }] = await api.get('/v2/reserved_ips');
        expect(await account.on(first.id, `ls ${file}; ip -o address show eth0`)).toMatch(
          new RegExp(`^${file}[^]*${ip}/32`),
        );
        expect(await say(addressOf(first, 'public'), 8080)).toBeUndefined();
      },
      LIMIT_MS,
    );

    it('are open again when it is gone', async () => {
      await account.api.delete(`/v2/firewalls/${firewall.id}`);
      expect(await say(addressOf(second, 'public'), 8080)).toContain('second');
    });
  });

  it('go with their disk when they are deleted', async () => {
    await account.api.delete(`/v2/droplets/${second.id}`);
    expect(await say(addressOf(second, 'public'), 8080)).toBeUndefined();
    expect(account.machines.status().droplets.map(({ name }) => name)).toEqual(['first']);
  });
});
