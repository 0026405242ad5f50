/** What systemd does around k3s on an emulated server, as the units say. */
import type { DropletDisk } from '../droplet/droplet-disk';
import type { DropletShell, Programs } from '../droplet/droplet-shell';
import { directives } from '../droplet/unit-file';
import { startUnits } from '../droplet/started-units';

export interface K3sService {
  /** k3s starts, and has asked nobody anything yet. */
  started(): Promise<void>;
  /**
   * k3s said READY: etcd and the API server are up. Source: pkg/cli/server/server.go of k3s.
   *
   * @param k3s what the program does for those who call it
   * @returns how to end what was started with it
   */
  ready(k3s: Programs[string]): Promise<() => Promise<void>>;
  /** After its end, however it came. */
  ended(): Promise<void>;
}

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

export function k3sService(disk: DropletDisk, shell: DropletShell, log: (line: string) => void): K3sService {
  const waits = () => directives(disk, UNIT, 'Type').includes(WAITS);
  return {
    async started() {
      await shell.runUnit(UNIT, 'ExecStartPre');
      if (!waits()) await shell.runUnit(UNIT, 'ExecStartPost');
    },
    async ready(k3s) {
      if (waits()) await shell.runUnit(UNIT, 'ExecStartPost');
      disk.write(ACTIVE, '');
      return startUnits(disk.list(STARTED), { disk, shell, programs: { [PROGRAM]: k3s }, log });
    },
    async ended() {
      disk.remove(ACTIVE);
      await shell.runUnit(UNIT, 'ExecStopPost');
    },
  };
}

/** Whether packets for an address end on this droplet, its own included: it has a local route. */
export function ownsAddress(disk: DropletDisk, address: string): boolean {
  return disk.has(`${ROUTES}/${address}`);
}
