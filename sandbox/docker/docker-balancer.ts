/** A load balancer as a container of its own on the public network. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import type { TcpForwarder } from '../net/forwarder';
import type { DockerEngine } from './engine';

export interface BalancerSettings {
  readonly engine: DockerEngine;
  readonly image: string;
  readonly container: string;
  readonly network: string;
  readonly label: string;
  /** For what it reads. */
  readonly folder: string;
}

const PROGRAM = 'balancer.py';
const SETTINGS = 'settings.json';

export class DockerBalancer {
  /** Addresses that it sends from. */
  readonly addresses: readonly string[];

  private constructor(
    private readonly settings: BalancerSettings,
    address: string,
    own: string,
  ) {
    this.addresses = [address, own];
  }

  /** Starts it anew: of an earlier one nothing is kept. */
  static async start(settings: BalancerSettings, forwarder: TcpForwarder): Promise<DockerBalancer> {
    const { engine, container, folder } = settings;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    copyFileSync(join(__dirname, PROGRAM), join(folder, PROGRAM));
    writePrivateFile(join(folder, SETTINGS), JSON.stringify(forwarder));
    await engine.attempt(['rm', '--force', container]);
    await engine.run(['run', '--detach', ...runArguments(settings)]);
    const own = await engine.run([
      ...['inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', container],
    ]);
    return new DockerBalancer(settings, forwarder.address, own);
  }

  update(forwarder: TcpForwarder): void {
    writePrivateFile(join(this.settings.folder, SETTINGS), JSON.stringify(forwarder));
  }

  async remove(): Promise<void> {
    await this.settings.engine.attempt(['rm', '--force', this.settings.container]);
  }
}

function runArguments({ container, network, label, folder, image }: BalancerSettings): string[] {
  return [
    ...['--name', container, '--label', label, '--network', network, '--init', '--restart', 'on-failure'],
    ...['--cap-drop', 'ALL', '--cap-add', 'NET_ADMIN', '--cap-add', 'NET_BIND_SERVICE', '--cap-add', 'NET_RAW'],
    // It routes: its network's settings are its own.
    ...['--security-opt', 'systempaths=unconfined', '--security-opt', 'apparmor=unconfined'],
    ...['--volume', `${folder}:/balancer:ro`, image],
    ...['python3', `/balancer/${PROGRAM}`, `/balancer/${SETTINGS}`],
  ];
}
