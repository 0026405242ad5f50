/** An emulated account whose droplets are containers. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { openAccount } from '#sandbox/cloud/digitalocean/account';
import { startDigitalOceanApi } from '#sandbox/cloud/digitalocean/api';
import { addDefaultProject } from '#sandbox/cloud/digitalocean/project';
import { accountTokens } from '#sandbox/cloud/digitalocean/tokens';
import { DockerCloud } from '#sandbox/docker/docker-cloud';
import { DockerMachines } from '#sandbox/docker/docker-machines';
import { openEngine } from '#sandbox/docker/engine';
import { loopDevicesOf } from '#sandbox/docker/loop-devices';
import { machineImage } from '#sandbox/docker/machine-image';
import { client, type Client } from '#test/sandbox/cloud/digitalocean/client';
import { TOKENS } from '#test/sandbox/cloud/digitalocean/sample-account';
import { newFolder } from '#test/new-folder';

export interface ContainerAccount {
  readonly api: Client;
  readonly machines: DockerMachines;
  /** Of the host, as droplets see it. */
  readonly hostAddress: string;
  /** The repository that droplets find at example.org over SSH. */
  readonly repository: string;
  /** Lets these keys read it. */
  readonly admit: (keys: readonly string[]) => void;
  /** Files of the volumes, and the devices that show one of them. */
  readonly volumeFiles: () => string[];
  readonly loopDevices: () => string[];
  /** Runs a shell command on a droplet. @returns what it printed */
  readonly on: (id: number, command: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Private range of the account's VPC. */
export const VPC = '10.131.0.0/24';

/** On these ports every droplet says its name, who connects, to which address, and the first line that it is sent. */
export const USER_DATA = `#!/bin/bash
cat >/root/say.py <<'PROGRAM'
import socket, socketserver, threading
class Say(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode().strip()
        peer, own = self.client_address[0], self.request.getsockname()[0]
        self.wfile.write(f"{socket.gethostname()} {peer} {own} {line}".encode())
socketserver.ThreadingTCPServer.allow_reuse_address = True
for port in (6443, 8080, 30080):
    server = socketserver.ThreadingTCPServer(("", port), Say)
    threading.Thread(target=server.serve_forever).start()
PROGRAM
cat >/etc/systemd/system/say.service <<'UNIT'
[Service]
ExecStart=/usr/bin/python3 /root/say.py
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now say.service
`;

export async function containerAccount(): Promise<ContainerAccount> {
  const folder = newFolder('droplets');
  const engine = await openEngine(join(folder, 'docker'));
  const image = await machineImage(engine, () => undefined);
  const options = { engine, image, folder: join(folder, 'machines') };
  const repository = join(folder, 'forge.git');
  execFileSync('git', ['init', '--quiet', '--bare', repository]);
  const cloud = await DockerCloud.open({
    ...options,
    vpc: VPC,
    names: ['example.org'],
    repository: { path: repository, name: 'acme/forge' },
    web: ({ socket }, answer) => answer.end(`HTTPS from ${socket.remoteAddress}`),
    resolve: () => Promise.resolve(undefined),
  });
  const machines = new DockerMachines({
    engine,
    image,
    cloud,
    folder: join(folder, 'balancers'),
    volumes: join(folder, 'volumes'),
    log: () => undefined,
  });
  const { publicRange } = cloud;
  const tokens = accountTokens(TOKENS);
  const account = openAccount(
    { file: join(folder, 'account.json'), tokens, machines, publicRange, verifiedEmails: [], buckets: () => [] },
    addDefaultProject,
  );
  const api = await startDigitalOceanApi(account, { address: '127.0.0.1', port: 0 });
  const volumeFiles = () => readdirSync(join(folder, 'volumes'));
  return {
    volumeFiles,
    loopDevices: () => volumeFiles().flatMap(loopDevicesOf),
    api: client(api.url, TOKENS.deploy),
    machines,
    repository,
    admit: (keys) => cloud.admitToRepository(keys),
    hostAddress: cloud.gateway,
    on: async (id, command) =>
      (await engine.attempt(['exec', `${cloud.name}-${id}`, 'bash', '-c', command])).text.trim(),
    close: async () => {
      await api.stop();
      await machines.stop();
      await cloud.close();
      await engine.end();
    },
  };
}

/** Sends a line to an address. @returns the answer; undefined when there is none within seconds */
export function say(address: string, port: number, line = 'hello'): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 2000 }, () => socket.write(`${line}\n`));
    const end = () => {
      socket.destroy();
      resolve(undefined);
    };
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString());
    });
    socket.once('error', end).once('timeout', end).once('end', end);
  });
}
