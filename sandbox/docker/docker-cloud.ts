/** Two networks with what a droplet finds there: the metadata service, and the web servers that its scripts ask. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { RequestListener, Server } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { selfSigned } from '../controllers/self-signed-certificate';
import { DockerMachine, type ContainerOrder } from './docker-machine';
import type { DockerEngine } from './engine';
import { metadataService, type BeforeMetadata } from './metadata-service';

export interface DockerCloudOptions {
  readonly engine: DockerEngine;
  readonly image: string;
  /** For what the machines read at their start. */
  readonly folder: string;
  /** Names that lead to `web`, over HTTPS with an authority that the machines trust. */
  readonly names: readonly string[];
  readonly web: RequestListener;
  readonly beforeMetadata?: BeforeMetadata;
}

/** From 198.18.0.0/15, which is for tests of networks (RFC 2544). Many are tried: each Docker network needs a free one. */
const PUBLIC_NETWORKS = Array.from({ length: 40 }, (_, index) => `198.18.${index + 1}`);
/** Inside the default of network.cidr in forge.yaml. */
const PRIVATE_NETWORKS = Array.from({ length: 15 }, (_, index) => `10.110.${index}`);
/** Nobody has it (RFC 5737): machines find it under the names of `web`. */
const HTTPS_ADDRESS = '192.0.2.1';
/** The first addresses are the networks' own. */
const FIRST_MACHINE = 10;

export class DockerCloud {
  private readonly machines: DockerMachine[] = [];
  private servers: Server[] = [];
  private prefixes = { public: '', private: '' };
  private ports = { metadata: 0, https: 0 };
  private readonly id = `forge-${process.pid}-${Date.now().toString(36)}`;

  private constructor(private readonly options: DockerCloudOptions) {}

  static async open(options: DockerCloudOptions): Promise<DockerCloud> {
    const cloud = new DockerCloud(options);
    cloud.prefixes = {
      public: await cloud.makeNetwork('public', PUBLIC_NETWORKS),
      private: await cloud.makeNetwork('vpc', PRIVATE_NETWORKS),
    };
    await cloud.startServices();
    return cloud;
  }

  /** This host's address in the public network. */
  get gateway(): string {
    return `${this.prefixes.public}.1`;
  }

  /** A public address that no machine gets by itself: for a reserved IP or a load balancer. */
  address(host: number): string {
    return `${this.prefixes.public}.${200 + host}`;
  }

  /** Makes a machine and powers it on. */
  async boot(order: ContainerOrder): Promise<DockerMachine> {
    const { engine, image, folder, names } = this.options;
    const host = FIRST_MACHINE + this.machines.length;
    const machine = new DockerMachine(engine, {
      ...order,
      image,
      folder: join(folder, `${order.id}`),
      container: `${this.id}-${order.id}`,
      networks: { public: `${this.id}-public`, private: `${this.id}-vpc` },
      publicAddress: `${this.prefixes.public}.${host}`,
      privateAddress: `${this.prefixes.private}.${host}`,
      hosts: names.map((name) => `${name}:${HTTPS_ADDRESS}`),
      authority: join(folder, 'authority.crt'),
      environment: {
        GATEWAY: this.gateway,
        METADATA_PORT: `${this.ports.metadata}`,
        HTTPS_ADDRESS,
        HTTPS_PORT: `${this.ports.https}`,
      },
    });
    this.machines.push(machine);
    await machine.powerOn();
    return machine;
  }

  async close(): Promise<void> {
    await Promise.all(this.machines.map((machine) => machine.destroy()));
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    for (const network of ['public', 'vpc'])
      await this.options.engine.attempt(['network', 'rm', `${this.id}-${network}`]);
  }

  private async makeNetwork(name: string, prefixes: readonly string[]): Promise<string> {
    let refusal = 'all ranges are in use';
    for (const prefix of prefixes) {
      // Another engine's networks are known to the host only.
      if (await hostHas(`${prefix}.1`)) continue;
      const range = ['--subnet', `${prefix}.0/24`, '--gateway', `${prefix}.1`];
      const made = await this.options.engine.attempt(['network', 'create', ...range, `${this.id}-${name}`]);
      if (made.code === 0) return prefix;
      refusal = made.text.trim();
    }
    throw new CommandFailure(`Docker has no free network for the machines: ${refusal}`);
  }

  private async startServices(): Promise<void> {
    const { folder, names, web, beforeMetadata } = this.options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { certificate, key } = await selfSigned(names);
    writeFileSync(join(folder, 'authority.crt'), certificate);
    const machineAt = (address: string) => this.machines.find((machine) => machine.publicAddress === address);
    const metadata = metadataService(machineAt, beforeMetadata);
    const https = createHttpsServer({ cert: certificate, key }, web);
    this.servers = [metadata, https];
    const [metadataPort, httpsPort] = await Promise.all(this.servers.map((server) => this.listen(server)));
    this.ports = { metadata: metadataPort!, https: httpsPort! };
  }

  private listen(server: Server): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, this.gateway, () => resolve((server.address() as AddressInfo).port));
    });
  }
}

/** Whether this host has an address. */
function hostHas(address: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });
}
