/** Two networks with what a droplet finds there: the metadata service, and the web servers that its scripts ask. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import type { MachineOrder } from '../cloud/machines';
import { listen, stopListening } from '../net/listen';
import { DockerBalancer } from './docker-balancer';
import { DockerMachine, type ContainerOrder } from './docker-machine';
import type { DockerEngine } from './engine';
import { GitHost, type ServedRepository } from './git-host';
import { keptKeyPair } from './kept-key-pair';
import { knownHostObjects } from './known-host';
import { metadataService, type BeforeMetadata } from './metadata-service';
import { startNameServer, type NameServer, type Resolve } from './name-server';
import { addressIn, automaticAddresses, dockerNetwork, givenAddresses, PUBLIC_NETWORKS } from './networks';

export interface DockerCloudOptions {
  /** Of its containers and networks. What is there under this name goes on being used. Default: a new name. */
  readonly name?: string;
  readonly engine: DockerEngine;
  readonly image: string;
  /** For what the machines read at their start. */
  readonly folder: string;
  /** CIDR range of the public network, /24. Default: a free one. */
  readonly publicNetwork?: string;
  /** CIDR range of the VPC. Default: a free one inside the default of network.cidr in forge.yaml. */
  readonly vpc?: string;
  /** Names that lead to `web`, over HTTPS with an authority that the machines trust. */
  readonly names: readonly string[];
  readonly web: RequestListener;
  /** Whom the machines trust besides, PEM. Default: nobody. */
  readonly authorities?: string;
  readonly beforeMetadata?: BeforeMetadata;
  /** Makes the machines and their pods ask this host for names: addresses that it does not know are asked for elsewhere. */
  readonly resolve?: Resolve;
  /** Archives with images for pods. Default: none. */
  readonly images?: readonly string[];
  /** File with k3s' settings for registries. Default: pods' images come from their vendors. */
  readonly registries?: string;
  /** What github.com has over SSH. Default: nothing. */
  readonly repository?: ServedRepository;
}

/** A machine whose addresses somebody else may have chosen. */
export type PlacedOrder = ContainerOrder & Partial<Pick<MachineOrder, 'publicAddress' | 'privateAddress'>>;

const PRIVATE_RANGES = Array.from({ length: 15 }, (_, index) => `10.110.${index}.0/24`);
/** Nobody has it (RFC 5737): machines find `web` there, and the repository. */
export const HTTPS_ADDRESS = '192.0.2.1';
const HTTPS_PORT = 9443;
const METADATA_PORT = 9080;
/** Of its name server. */
export const NAMES_PORT = 9053;
const AUTHORITIES = 'authorities.crt';
/** The first addresses are the networks' own. */
const FIRST_MACHINE = 10;

export class DockerCloud {
  private readonly machines: DockerMachine[] = [];
  private servers: Server[] = [];
  private nameServer: NameServer | undefined;
  private gitHost: GitHost | undefined;
  private https: DockerBalancer | undefined;
  private ranges = { public: '', private: '' };
  readonly name: string;

  private constructor(private readonly options: DockerCloudOptions) {
    this.name = options.name ?? `forge-${process.pid}-${Date.now().toString(36)}`;
  }

  static async open(options: DockerCloudOptions): Promise<DockerCloud> {
    const cloud = new DockerCloud(options);
    const { name, label } = cloud;
    const privateRanges = options.vpc === undefined ? PRIVATE_RANGES : [options.vpc];
    cloud.ranges = {
      public: await dockerNetwork(options.engine, {
        name: `${name}-public`,
        ranges: options.publicNetwork === undefined ? PUBLIC_NETWORKS : [options.publicNetwork],
        automatic: automaticAddresses,
        label,
      }),
      private: await dockerNetwork(options.engine, { name: `${name}-vpc`, ranges: privateRanges, label }),
    };
    await cloud.startServices();
    await cloud.startGitHost();
    await cloud.startHttps();
    return cloud;
  }

  /** By which everything of it is found in the engine. */
  get label(): string {
    return `forge.sandbox=${this.name}`;
  }

  /** For containers beside the machines. */
  get publicNetwork(): string {
    return `${this.name}-public`;
  }

  /** Where the host is, and its services. */
  get gateway(): string {
    return addressIn(this.ranges.public, 1);
  }

  get metadataPort(): number {
    return METADATA_PORT;
  }

  /** CIDR range out of which a cloud may give public addresses. */
  get publicRange(): string {
    return givenAddresses(this.ranges.public);
  }

  /** Lets whoever has one of these keys read the repository, and nobody else. */
  admitToRepository(keys: readonly string[]): void {
    this.gitHost?.admit(keys);
  }

  /** A public address that no machine gets by itself: for a reserved IP or a load balancer. */
  address(host: number): string {
    return addressIn(this.ranges.public, 200 + host);
  }

  /** Makes a machine and powers it on. */
  async boot(order: PlacedOrder): Promise<DockerMachine> {
    const machine = this.machine(order);
    await machine.powerOn();
    return machine;
  }

  /** A machine that may not be there yet. */
  machine(order: PlacedOrder): DockerMachine {
    const { engine, image, folder, names, images = [] } = this.options;
    const host = FIRST_MACHINE + this.machines.length;
    const machine = new DockerMachine(engine, {
      publicAddress: addressIn(this.ranges.public, host),
      privateAddress: addressIn(this.ranges.private, host),
      ...order,
      image,
      label: this.label,
      folder: join(folder, `${order.id}`),
      container: `${this.name}-${order.id}`,
      networks: { public: this.publicNetwork, private: `${this.name}-vpc` },
      hosts: names.map((name) => `${name}:${HTTPS_ADDRESS}`),
      authorities: join(folder, AUTHORITIES),
      images,
      registries: this.options.registries,
      objects: this.gitHost && knownHostObjects(this.gitHost.publicKey),
      environment: {
        GATEWAY: this.gateway,
        METADATA_PORT: `${METADATA_PORT}`,
        HTTPS_ADDRESS,
        HTTPS_SERVER: this.https === undefined ? `${this.gateway}:${HTTPS_PORT}` : `${this.httpsAddress}:443`,
        GIT_HOST: this.gitHost === undefined ? '' : this.gitAddress,
        NAMES_PORT: this.nameServer === undefined ? '' : `${NAMES_PORT}`,
      },
    });
    this.machines.push(machine);
    return machine;
  }

  /** Removes a machine for ever. */
  async destroy(machine: DockerMachine): Promise<void> {
    await machine.destroy();
    this.machines.splice(this.machines.indexOf(machine), 1);
  }

  /** Ends the services, and leaves machines and networks as they are. */
  async stop(): Promise<void> {
    await this.nameServer?.stop();
    await Promise.all([this.gitHost?.remove(), this.https?.remove()]);
    for (const server of this.servers) await stopListening(server);
  }

  /** Ends the services, and removes machines and networks. */
  async close(): Promise<void> {
    await Promise.all(this.machines.map((machine) => machine.destroy()));
    await this.stop();
    await removeAll(this.options.engine, this.name);
  }

  /** Between the addresses that the cloud gives and those that containers get by themselves. */
  private get gitAddress(): string {
    return addressIn(this.ranges.public, 130);
  }

  private get httpsAddress(): string {
    return addressIn(this.ranges.public, 131);
  }

  /** For pods: their network's rules see the port that a packet is led to, and for HTTPS they say 443, which not everybody may listen on. */
  private async startHttps(): Promise<void> {
    const { engine, image, folder, resolve } = this.options;
    if (resolve === undefined) return;
    const place = { network: this.publicNetwork, label: this.label, folder: join(folder, 'https') };
    this.https = await DockerBalancer.start(
      { engine, image, container: `${this.publicNetwork}-https`, ...place },
      {
        address: this.httpsAddress,
        rules: [{ entryPort: 443, targetPort: HTTPS_PORT }],
        targets: [this.gateway],
        healthCheckPort: HTTPS_PORT,
      },
    );
  }

  private async startGitHost(): Promise<void> {
    const { engine, image, folder, repository } = this.options;
    if (repository === undefined) return;
    const place = { network: this.publicNetwork, address: this.gitAddress, label: this.label };
    const container = `${this.publicNetwork}-git`;
    this.gitHost = await GitHost.start({
      engine,
      image,
      container,
      ...place,
      ...repository,
      folder: join(folder, 'git'),
    });
  }

  private async startServices(): Promise<void> {
    const { folder, names, web, beforeMetadata, resolve, authorities = '' } = this.options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { certificate, key } = await keptKeyPair(folder, names);
    writeFileSync(join(folder, AUTHORITIES), `${certificate.trimEnd()}\n${authorities}`);
    const machineAt = (address: string) => this.machines.find((machine) => machine.publicAddress === address);
    const metadata = metadataService(machineAt, beforeMetadata);
    const https = createHttpsServer({ cert: certificate, key }, web);
    this.servers = [metadata, https];
    await listen(metadata, { host: this.gateway, port: METADATA_PORT });
    await listen(https, { host: this.gateway, port: HTTPS_PORT });
    if (resolve !== undefined) {
      this.nameServer = await startNameServer({ address: this.gateway, port: NAMES_PORT, resolve });
    }
  }
}

/** Removes every container, volume and network that is left of a cloud with this name. */
export async function removeAll(engine: DockerEngine, name: string): Promise<void> {
  const filter = ['--filter', `label=forge.sandbox=${name}`];
  const containers = await engine.run(['ps', '--all', '--quiet', ...filter]);
  if (containers !== '') await engine.run(['rm', '--force', '--volumes', ...containers.split('\n')]);
  const networks = await engine.run(['network', 'ls', '--quiet', ...filter]);
  if (networks !== '') await engine.run(['network', 'rm', ...networks.split('\n')]);
}
