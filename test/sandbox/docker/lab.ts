/** Machines that boot the user data under real systemd and cloud-init, and what they find around them. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBucket } from '#sandbox/cloud/spaces/buckets';
import { addVersion, allVersions, dataFile } from '#sandbox/cloud/spaces/object-versions';
import { startSpaces, type Spaces } from '#sandbox/cloud/spaces/spaces';
import { newDraft } from '#sandbox/cloud/spaces/store';
import { DockerCloud } from '#sandbox/docker/docker-cloud';
import type { DockerMachine } from '#sandbox/docker/docker-machine';
import { openEngine, type DockerEngine } from '#sandbox/docker/engine';
import { machineImage } from '#sandbox/docker/machine-image';
import { secrets } from '#test/stacks/network/cloud-init/user-data-samples';

const SPACES = 'fra1.digitaloceanspaces.com';
const POLL_MS = 500;
const PATIENCE_MS = 300_000;
const K3S = readFileSync(join(__dirname, 'k3s-double.py'));

export const k3sRelease = { version: 'v1.36.4+k3s1', sha256: createHash('sha256').update(K3S).digest('hex') };

/** How the double was called. */
export interface Call {
  readonly arguments: readonly string[];
  /** All files of k3s' configuration at that moment. */
  readonly settings: string;
}

export class Lab {
  private constructor(
    private readonly folder: string,
    private readonly engine: DockerEngine,
    private readonly spaces: Spaces,
    readonly cloud: DockerCloud,
  ) {}

  static async open(buckets: readonly string[], forbidden: readonly string[]): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), 'forge-lab-'));
    const engine = await openEngine(join(folder, 'docker'));
    const spaces = await startSpaces({
      folder: join(folder, 'spaces'),
      address: '127.0.0.1',
      port: 0,
      region: 'fra1',
      keys: (id) =>
        id === secrets.accessKey
          ? { secretKey: secrets.secretKey, grants: buckets.map((bucket) => ({ bucket, permission: 'readwrite' })) }
          : undefined,
    });
    for (const bucket of [...buckets, ...forbidden]) createBucket(spaces.store, bucket);
    const image = await machineImage(engine, () => undefined);
    const cloud = await DockerCloud.open({
      engine,
      image,
      folder: join(folder, 'machines'),
      names: ['github.com', SPACES],
      web: (message, response) => answer(spaces, message, response),
    });
    return new Lab(folder, engine, spaces, cloud);
  }

  /** Puts an object into a bucket. */
  put(bucket: string, key: string): void {
    const { store } = this.spaces;
    const draft = newDraft(store);
    writeFileSync(dataFile(draft), 'content');
    addVersion(store, bucket, draft, { key, deleteMarker: false, etag: '', size: 7, headers: {} });
  }

  keys(bucket: string): string[] {
    return allVersions(this.spaces.store, bucket).map(({ key }) => key);
  }

  async close(): Promise<void> {
    await this.cloud.close();
    await this.engine.end();
    await this.spaces.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until a shell command succeeds on a machine. @throws with the machine's journal when it never does */
export async function until(machine: DockerMachine, command: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(POLL_MS)) {
    if ((await machine.exec(command)).code === 0) return;
  }
  const { text } = await machine.exec('journalctl --boot --no-pager --lines 40');
  throw new Error(`${machine.name}: ${command} never succeeded.\n${text}`);
}

export async function calls(machine: DockerMachine): Promise<Call[]> {
  const { text } = await machine.exec('cat /var/lib/k3s-double/calls');
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Call);
}

/** The servers of the Internet: one with k3s' release, one with Spaces. */
function answer(spaces: Spaces, message: IncomingMessage, response: ServerResponse): void {
  if (message.headers.host === 'github.com') {
    response.end(message.url?.includes('/wrong/') ? 'something else' : K3S);
    return;
  }
  const { hostname, port } = new URL(spaces.endpoint);
  const { method, url, headers } = message;
  const forwarded = request({ hostname, port, method, path: url, headers }, (got) => {
    response.writeHead(got.statusCode ?? 500, got.headers);
    got.pipe(response);
  });
  forwarded.on('error', () => response.destroy());
  message.pipe(forwarded);
}
