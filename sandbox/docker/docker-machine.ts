/** A droplet as a container: real systemd and cloud-init boot its user data. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramResult } from '#clients/program';
import type { MachineOrder } from '../cloud/machines';
import type { DockerEngine } from './engine';
import type { MachineMetadata } from './metadata-service';

/** What a container boots. */
export interface ContainerOrder extends Pick<MachineOrder, 'id' | 'name' | 'userData'> {
  /** Further arguments of `docker run`. */
  readonly extra?: readonly string[];
}

export interface MachineSettings extends ContainerOrder {
  readonly image: string;
  readonly folder: string;
  readonly container: string;
  readonly networks: { readonly public: string; readonly private: string };
  readonly publicAddress: string;
  readonly privateAddress: string;
  readonly hosts: readonly string[];
  /** PEM file of the authority that the machine trusts. */
  readonly authority: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What `--privileged` gives, but for SYS_RESOURCE, which some hosts keep to themselves. */
const CAPABILITIES = [
  ...['AUDIT_CONTROL', 'AUDIT_READ', 'AUDIT_WRITE', 'BLOCK_SUSPEND', 'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH'],
  ...['FOWNER', 'FSETID', 'IPC_LOCK', 'IPC_OWNER', 'KILL', 'LEASE', 'LINUX_IMMUTABLE', 'MAC_ADMIN', 'MAC_OVERRIDE'],
  ...['MKNOD', 'NET_ADMIN', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID'],
  ...['SYSLOG', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_CHROOT', 'SYS_MODULE', 'SYS_NICE', 'SYS_PACCT', 'SYS_PTRACE'],
  ...['SYS_RAWIO', 'SYS_TIME', 'SYS_TTY_CONFIG', 'WAKE_ALARM'],
];
const UNCONFINED = ['seccomp', 'apparmor', 'systempaths'];
/** systemd's request to halt. */
const HALT = 'SIGRTMIN+3';
/** Exit code of a container that did not end by itself. */
const KILLED = 137;
const INIT = join(__dirname, 'machine-init.sh');

export class DockerMachine implements MachineMetadata {
  readonly id: number;
  readonly name: string;
  readonly publicAddress: string;
  readonly privateAddress: string;

  constructor(
    private readonly engine: DockerEngine,
    private readonly settings: MachineSettings,
  ) {
    this.id = settings.id;
    this.name = settings.name;
    this.publicAddress = settings.publicAddress;
    this.privateAddress = settings.privateAddress;
  }

  async powerOn(): Promise<void> {
    const { container, networks } = this.settings;
    this.writeSeed();
    await this.engine.run(['create', ...this.createArguments()]);
    await this.engine.run(['network', 'connect', '--ip', this.privateAddress, networks.private, container]);
    await this.engine.run(['start', container]);
  }

  /** Runs a shell command on it. */
  exec(command: string): Promise<ProgramResult> {
    return this.engine.attempt(['exec', this.settings.container, 'bash', '-c', command]);
  }

  /** What a person would see who looks at its console. */
  async console(): Promise<string> {
    return (await this.engine.attempt(['logs', this.settings.container])).text;
  }

  /** @returns whether it went off by itself within this time */
  async shutDown(seconds: number): Promise<boolean> {
    const { container } = this.settings;
    await this.engine.run(['stop', '--time', `${seconds}`, container]);
    const code = await this.engine.run(['inspect', '--format', '{{.State.ExitCode}}', container]);
    return Number(code) !== KILLED;
  }

  /** As when the host fails. */
  async cutPower(): Promise<void> {
    await this.engine.run(['kill', this.settings.container]);
  }

  /** After it was off. */
  async powerOnAgain(): Promise<void> {
    await this.engine.run(['start', this.settings.container]);
  }

  async destroy(): Promise<void> {
    await this.engine.attempt(['rm', '--force', '--volumes', this.settings.container]);
  }

  private writeSeed(): void {
    const { folder, name, id, userData, authority } = this.settings;
    const seed = join(folder, 'seed');
    mkdirSync(seed, { recursive: true, mode: 0o700 });
    writeFileSync(join(seed, 'meta-data'), `instance-id: ${id}\nlocal-hostname: ${name}\n`);
    writeFileSync(join(seed, 'user-data'), userData, { mode: 0o600 });
    copyFileSync(authority, join(folder, 'authority.crt'));
    copyFileSync(INIT, join(folder, 'machine-init.sh'));
  }

  private createArguments(): string[] {
    const { settings } = this;
    return [
      ...['--name', settings.container, '--hostname', settings.name, '--tty', '--stop-signal', HALT],
      ...['--network', settings.networks.public, '--ip', settings.publicAddress],
      ...['--cap-drop', 'ALL', ...CAPABILITIES.flatMap((name) => ['--cap-add', name])],
      ...UNCONFINED.flatMap((name) => ['--security-opt', `${name}=unconfined`]),
      ...['--cgroupns', 'private', '--device', '/dev/kmsg', '--device-cgroup-rule', 'a *:* rwm'],
      ...['--tmpfs', '/run', '--tmpfs', '/tmp'],
      // An overlay does not stack on an overlay.
      ...['--volume', '/var/lib/rancher', '--volume', '/var/lib/kubelet'],
      ...['--volume', `${settings.folder}:/machine:ro`],
      ...settings.hosts.flatMap((host) => ['--add-host', host]),
      ...Object.entries(settings.environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...(settings.extra ?? []),
      ...[settings.image, '/bin/sh', '/machine/machine-init.sh'],
    ];
  }
}
