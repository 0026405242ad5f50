/** Droplets that boot the user data under real systemd and cloud-init, and what they find around them. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBucket } from '#sandbox/cloud/spaces/buckets';
import { addVersion, allVersions, dataFile } from '#sandbox/cloud/spaces/object-versions';
import { startSpaces, type Spaces } from '#sandbox/cloud/spaces/spaces';
import { newDraft } from '#sandbox/cloud/spaces/store';
import { DockerCloud } from '#sandbox/docker/docker-cloud';
import { openEngine } from '#sandbox/docker/engine';
import { machineImage } from '#sandbox/docker/machine-image';
import {
  agentUserData,
  serverUserData,
  type AgentUserDataProps,
  type ServerUserDataProps,
} from '#stacks/network/cloud-init/render';
import { agentProps, joinerProps, secrets, seedProps } from '#test/stacks/network/cloud-init/user-data-samples';
import { newFolder } from '#test/new-folder';
import { Droplet } from './droplet';
import { clusterApi, internet, k3sRelease, type SurroundingsOf } from './internet';
import { Surroundings } from './surroundings';

const SPACES = 'fra1.digitaloceanspaces.com';
const API_PORT = 6443;
export const SNAPSHOT = 'etcd-snapshot-forge-test-server-1-41-1795000000';
/** For hooks and tests: it is there so that a failure ends, not to measure. */
export const LIMIT_MS = 600_000;

export class Lab {
  private readonly folder = newFolder('lab');
  private readonly droplets: Droplet[] = [];
  /** That the key of the droplets is for. */
  private readonly buckets: string[] = [];
  /** How to end what was started, the last first. */
  private readonly ends: (() => unknown)[] = [];
  private spaces!: Spaces;
  cloud!: DockerCloud;

  static async open(): Promise<Lab> {
    const lab = new Lab();
    try {
      await lab.start();
      return lab;
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  /** The first server of a cluster. Default: of one that has nothing in Spaces yet, nor anybody who answers for it. */
  seed(changes: Partial<ServerUserDataProps> = {}, bucket = this.bucket()): Droplet {
    const props = seedProps({ k3s: k3sRelease, apiAddress: this.cloud.gateway });
    const snapshots = { ...props.snapshots, bucket };
    return this.add(props.name, serverUserData({ ...props, snapshots, ...changes }));
  }

  /** A further server of the cluster that has this bucket. */
  joiner(bucket: string, changes: Partial<ServerUserDataProps> = {}): Droplet {
    // One of three would make the address of the lab's API its own.
    const props = joinerProps({ k3s: k3sRelease, apiAddress: this.cloud.gateway, servers: 1, ...changes });
    return this.add(props.name, serverUserData({ ...props, snapshots: { ...props.snapshots, bucket } }));
  }

  worker(changes: Partial<AgentUserDataProps> = {}): Droplet {
    const props = agentProps({ k3s: k3sRelease, apiAddress: this.cloud.gateway, ...changes });
    return this.add(props.name, agentUserData(props));
  }

  /** @returns the name of a new one with these objects */
  bucket(...keys: readonly string[]): string {
    const name = `forge-${this.buckets.length}`;
    createBucket(this.spaces.store, name);
    this.buckets.push(name);
    for (const key of keys) this.put(name, key);
    return name;
  }

  /** @returns the name of one that the droplets' key is not for */
  foreignBucket(): string {
    createBucket(this.spaces.store, 'forge-foreign');
    return 'forge-foreign';
  }

  keys(bucket: string): string[] {
    return allVersions(this.spaces.store, bucket).map(({ key }) => key);
  }

  async close(): Promise<void> {
    for (const { meets } of this.droplets) meets.releaseAll();
    for (const end of this.ends.reverse()) await end();
  }

  private async start(): Promise<void> {
    const engine = await openEngine(join(this.folder, 'docker'));
    this.ends.push(() => engine.end());
    this.spaces = await this.startSpaces();
    this.ends.push(() => this.spaces.stop());
    this.cloud = await DockerCloud.open({
      engine,
      image: await machineImage(engine, () => undefined),
      folder: join(this.folder, 'machines'),
      names: ['github.com', SPACES],
      web: internet(this.spaces, this.surroundingsOf),
      beforeMetadata: async ({ id }, path) => {
        await this.droplets.find(({ order }) => order.id === id)?.meets.pass(path.split('/').at(-1)!);
      },
    });
    this.ends.push(() => this.cloud.close());
    const { gateway } = this.cloud;
    const api = clusterApi(this.folder, gateway, this.surroundingsOf).listen(API_PORT, gateway);
    this.ends.push(() => new Promise((resolve) => (api.close(resolve), api.closeAllConnections())));
    await once(api, 'listening');
  }

  private add(name: string, template: string): Droplet {
    // A template of Terraform's has two signs where the user data has one.
    const userData = template.replace(/([$%])\1(?=\{)/g, '$1');
    const droplet = new Droplet(this.cloud, { id: 1000 + this.droplets.length, name, userData });
    this.droplets.push(droplet);
    return droplet;
  }

  private readonly surroundingsOf: SurroundingsOf = ({ socket }) => {
    const from = this.droplets.find(({ publicAddress }) => publicAddress === socket.remoteAddress);
    return from?.meets ?? new Surroundings();
  };

  private put(bucket: string, key: string): void {
    const { store } = this.spaces;
    const draft = newDraft(store);
    writeFileSync(dataFile(draft), 'content');
    addVersion(store, bucket, draft, { key, deleteMarker: false, etag: '', size: 7, headers: {} });
  }

  private startSpaces(): Promise<Spaces> {
    const grants = () => this.buckets.map((bucket) => ({ bucket, permission: 'readwrite' as const }));
    return startSpaces({
      folder: join(this.folder, 'spaces'),
      address: '127.0.0.1',
      port: 0,
      region: 'fra1',
      keys: (id) => (id === secrets.accessKey ? { secretKey: secrets.secretKey, grants: grants() } : undefined),
    });
  }
}
