/** What systemd does around k3s on an emulated server, as the units say. */
import type { DropletDisk } from '../droplet/droplet-disk';
import type { DropletShell, Programs } from '../droplet/droplet-shell';
import { directives } from '../droplet/unit-file';
import { StartedUnits } from '../droplet/started-units';

const UNIT = 'k3s.service';
/** Of the types that are used, only this one waits for READY. Source: systemd.service(5). */
const WAITS = 'notify';
const PROGRAM = '/usr/local/bin/k3s';
/** Made by the stand-in of `ip`. */
const ROUTES = '/run/routes';
/** Made, and looked for, by the stand-in of `systemctl`. */
const STARTED = '/run/systemd/started';
const ACTIVE = `/run/systemd/active/${UNIT}`;
const STOPPING = '/run/systemd/stopping';

/** The machine shuts down. */
export function tellSystemd(disk: DropletDisk): void {
  disk.write(STOPPING, '');
}

export class K3sService {
  constructor(
    private readonly disk: DropletDisk,
    private readonly shell: DropletShell,
    private readonly log: (line: string) => void,
  ) {}

  /** k3s starts, and has asked nobody anything yet. */
  async started(): Promise<void> {
    await this.shell.runUnit(UNIT, 'ExecStartPre');
    if (!this.waitsForReady()) await this.shell.runUnit(UNIT, 'ExecStartPost');
  }

  /**
   * k3s said READY: etcd and the API server are up. Source: pkg/cli/server/server.go of k3s.
   *
   * @param k3s what the program does for those who call it
   * @returns how to end what was started with it
   */
  async ready(k3s: NonNullable<Programs[string]>): Promise<() => Promise<void>> {
    const { disk, shell, log } = this;
    if (this.waitsForReady()) await shell.runUnit(UNIT, 'ExecStartPost');
    disk.write(ACTIVE, '');
    const units = new StartedUnits(disk.list(STARTED), { disk, shell, programs: { [PROGRAM]: k3s }, log });
    return () => units.end();
  }

  /** After its end, however it came. */
  async ended(): Promise<void> {
    this.disk.remove(ACTIVE);
    await this.shell.runUnit(UNIT, 'ExecStopPost');
  }

  private waitsForReady(): boolean {
    return directives(this.disk, UNIT, 'Type').includes(WAITS);
  }
}

/** Whether packets for an address end on this droplet, its own included: it has a local route. */
export function ownsAddress(disk: DropletDisk, address: string): boolean {
  return disk.has(`${ROUTES}/${address}`);
}
