/** A droplet as a container: real systemd and cloud-init boot its user data. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import type { ProgramResult } from '#clients/program';
import type { MachineOrder, MachineSize } from '../cloud/machines';
import { containerSpec } from './container-spec';
import type { DockerEngine } from './engine';
import type { MachineMetadata } from '../cloud/metadata';

/** What a container boots. */
export interface ContainerOrder extends Pick<MachineOrder, 'id' | 'name' | 'userData'> {
  /** Default: `fra1`. */
  readonly region?: string;
  /** Default: as large as this host. */
  readonly size?: MachineSize;
  /** Further arguments of `docker run`. */
  readonly extra?: readonly string[];
}

export interface MachineSettings extends ContainerOrder {
  readonly image: string;
  readonly folder: string;
  readonly container: string;
  /** By which everything of a sandbox is found. */
  readonly label: string;
  readonly networks: { readonly public: string; readonly private: string };
  readonly publicAddress: string;
  readonly privateAddress: string;
  readonly hosts: readonly string[];
  /** PEM file of the authorities that the machine trusts. */
  readonly authorities: string;
  /** Archives with images, for k3s to read when it starts. */
  readonly images: readonly string[];
  /** File with k3s' settings for registries; undefined for the vendors'. */
  readonly registries: string | undefined;
  /** YAML of objects that a server applies when its k3s starts. */
  readonly objects: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** What `--privileged` gives. Docker refuses what the host keeps to itself: some keep SYS_RESOURCE. */
const CAPABILITIES = [
  ...(hostHasCapability(24) ? ['SYS_RESOURCE'] : []),
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
/** Read by machine-init.sh before anything else of the machine runs. */
const RULES = 'packet-rules';
const REGISTRIES = '/etc/rancher/k3s/registries.yaml';
const IMAGES = '/var/lib/rancher/k3s/agent/images';

export class DockerMachine implements MachineMetadata {
  readonly id: number;
  readonly name: string;
  readonly region: string;
  readonly publicAddress: string;
  readonly privateAddress: string;

  constructor(
    private readonly engine: DockerEngine,
    private readonly settings: MachineSettings,
  ) {
    this.id = settings.id;
    this.name = settings.name;
    this.region = settings.region ?? 'fra1';
    this.publicAddress = settings.publicAddress;
    this.privateAddress = settings.privateAddress;
  }

  /** Makes the container at the first time; later its disk is there. */
  async powerOn(): Promise<void> {
    const { container, networks } = this.settings;
    this.writeSeed();
    if ((await this.state()) === undefined) {
      await this.engine.run(['create', ...this.createArguments()]);
      await this.engine.run(['network', 'connect', '--ip', this.privateAddress, networks.private, container]);
    } else if (this.settings.size !== undefined) {
      await this.engine.run(['update', ...this.limits(), container]);
    }
    await this.engine.run(['start', container]);
  }

  /** In Docker's words, such as `running` or `exited`; undefined where there is no container. */
  async state(): Promise<string | undefined> {
    const asked = ['container', 'inspect', '--format', '{{.State.Status}}', this.settings.container];
    const { code, text } = await this.engine.attempt(asked);
    return code === 0 ? text.trim() : undefined;
  }

  /** Sets what gets through, now and at every start. @param rules input of `iptables-restore --noflush` */
  async filter(rules: string): Promise<void> {
    mkdirSync(this.settings.folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(this.settings.folder, RULES), rules);
    if ((await this.state()) !== 'running') return;
    const restore = `iptables-restore --wait --noflush < /machine/${RULES}`;
    await this.engine.run(['exec', this.settings.container, 'sh', '-c', restore]);
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

  async destroy(): Promise<void> {
    await this.engine.attempt(['rm', '--force', '--volumes', this.settings.container]);
  }

  private writeSeed(): void {
    const { folder, name, id, userData, authorities, objects } = this.settings;
    const seed = join(folder, 'seed');
    mkdirSync(seed, { recursive: true, mode: 0o700 });
    writeFileSync(join(seed, 'meta-data'), `instance-id: ${id}\nlocal-hostname: ${name}\n`);
    writeFileSync(join(seed, 'user-data'), userData, { mode: 0o600 });
    copyFileSync(authorities, join(folder, 'authorities.crt'));
    copyFileSync(INIT, join(folder, 'machine-init.sh'));
    writeFileSync(join(folder, 'container-spec.json'), containerSpec());
    if (objects !== undefined) writeFileSync(join(folder, 'objects.yaml'), objects);
  }

  /** Of processors no more than there are, which Docker would refuse. */
  private limits(): string[] {
    const { size } = this.settings;
    if (size === undefined) return [];
    const memory = `${size.memoryMiB}m`;
    return [
      ...['--cpus', `${Math.min(size.vcpus, availableParallelism())}`],
      '--memory',
      memory,
      '--memory-swap',
      memory,
    ];
  }

  private createArguments(): string[] {
    const { settings } = this;
    return [
      ...['--name', settings.container, '--hostname', settings.name, '--tty', '--stop-signal', HALT],
      ...['--label', settings.label, ...this.limits()],
      ...['--network', settings.networks.public, '--ip', settings.publicAddress],
      ...['--cap-drop', 'ALL', ...CAPABILITIES.flatMap((name) => ['--cap-add', name])],
      ...UNCONFINED.flatMap((name) => ['--security-opt', `${name}=unconfined`]),
      ...['--cgroupns', 'private', '--device', '/dev/kmsg', '--device-cgroup-rule', 'a *:* rwm'],
      ...['--tmpfs', '/run', '--tmpfs', '/tmp'],
      // An overlay does not stack on an overlay.
      ...['--volume', '/var/lib/rancher', '--volume', '/var/lib/kubelet'],
      ...['--volume', `${settings.folder}:/machine:ro`],
      ...settings.images.flatMap((archive) => ['--volume', `${archive}:${IMAGES}/${basename(archive)}:ro`]),
      ...(settings.registries === undefined ? [] : ['--volume', `${settings.registries}:${REGISTRIES}:ro`]),
      ...settings.hosts.flatMap((host) => ['--add-host', host]),
      ...Object.entries(settings.environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...(settings.extra ?? []),
      ...[settings.image, '/bin/sh', '/machine/machine-init.sh'],
    ];
  }
}

/** Of this process, which stands for the engine's. @param number as in linux/capability.h */
function hostHasCapability(number: number): boolean {
  const [, bounding = '0'] = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return ((BigInt(`0x${bounding}`) >> BigInt(number)) & 1n) === 1n;
}
