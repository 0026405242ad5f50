/** The account's volumes: sparse files of this host, which loop devices show to the machines under the names that droplets have for them. */
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MachineVolume } from '../cloud/machines';
import type { DockerMachine } from './docker-machine';
import { endLoopDevices, growLoopDevice, loopDevicesOf, showAsLoopDevice, type LoopTools } from './loop-devices';

export interface DockerVolumesOptions extends LoopTools {
  /** For their files. */
  readonly folder: string;
  /** Undefined for one that is not there, or not on. */
  readonly machineOf: (droplet: number) => DockerMachine | undefined;
}

interface Attached extends MachineVolume {
  readonly device: string;
}

const GIB = 1024 ** 3;
const ENDING = '.img';
const BY_ID = '/dev/disk/by-id';

export class DockerVolumes {
  private attached: Attached[] = [];

  constructor(private readonly options: DockerVolumesOptions) {}

  /** As `Machines.volumes`. */
  async set(all: readonly MachineVolume[]): Promise<void> {
    const { folder } = this.options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const volume of all) this.makeFile(volume);
    for (const before of this.attached) {
      const now = all.find(({ id }) => id === before.id);
      if (now?.droplet !== before.droplet) await this.detach(before);
    }
    const left = volumeFiles(folder).filter((file) => !all.some(({ id }) => this.fileOf(id) === file));
    for (const file of left) await removeVolume(this.options, file);
    for (const volume of all) await this.attach(volume);
  }

  /** Shows a machine its volumes, which it has forgotten while it was off. */
  async showTo(machine: DockerMachine): Promise<void> {
    for (const volume of this.attached) if (volume.droplet === machine.id) await show(machine, volume);
  }

  private fileOf(id: string): string {
    return join(this.options.folder, `${id}${ENDING}`);
  }

  private makeFile({ id, sizeGiB }: MachineVolume): void {
    const file = this.fileOf(id);
    if (!existsSync(file)) closeSync(openSync(file, 'w', 0o600));
    if (statSync(file).size < sizeGiB * GIB) truncateSync(file, sizeGiB * GIB);
  }

  private async attach(volume: MachineVolume): Promise<void> {
    const known = this.attached.find(({ id }) => id === volume.id);
    if (volume.droplet === undefined) {
      // What an earlier process of the sandbox had attached.
      if (known === undefined) await endLoopDevices(this.options, this.fileOf(volume.id));
      return;
    }
    if (known !== undefined && known.sizeGiB === volume.sizeGiB) return;
    const device = known?.device ?? (await showAsLoopDevice(this.options, this.fileOf(volume.id)));
    if (known !== undefined) await growLoopDevice(this.options, device);
    const attached = { ...volume, device };
    this.attached = [...this.attached.filter(({ id }) => id !== volume.id), attached];
    const machine = this.options.machineOf(volume.droplet);
    if (machine !== undefined) await show(machine, attached);
  }

  private async detach(volume: Attached): Promise<void> {
    this.attached = this.attached.filter(({ id }) => id !== volume.id);
    await this.options.machineOf(volume.droplet!)?.exec(`rm --force ${linkOf(volume)} ${volume.device}`);
    await endLoopDevices(this.options, this.fileOf(volume.id));
  }
}

/** Whether a device shows one of the volumes in a folder. */
export function areVolumesShown(folder: string): boolean {
  return volumeFiles(folder).some((file) => loopDevicesOf(file).length > 0);
}

/** Ends every device of the volumes in a folder. */
export async function endVolumes(tools: LoopTools, folder: string): Promise<void> {
  for (const file of volumeFiles(folder)) await endLoopDevices(tools, file);
}

async function removeVolume(tools: LoopTools, file: string): Promise<void> {
  await endLoopDevices(tools, file);
  rmSync(file);
}

function volumeFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => join(folder, name));
}

async function show(machine: DockerMachine, volume: Attached): Promise<void> {
  const { device } = volume;
  const number = basename(device).replace('loop', '');
  const make = `[ -e ${device} ] || mknod --mode=0660 ${device} b 7 ${number}`;
  await machine.exec(
    `${make}; mkdir --parents ${BY_ID} && ln --symbolic --force --no-dereference ${device} ${linkOf(volume)}`,
  );
}

/** As the volume driver looks for it. */
function linkOf({ name }: MachineVolume): string {
  return `${BY_ID}/scsi-0DO_Volume_${name}`;
}
