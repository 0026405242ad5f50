/** What systemd does around k3s on an emulated server, as the unit says. */
import type { DropletDisk } from './droplet-disk';
import type { DropletShell } from './droplet-shell';
import { directives } from './unit-file';

export interface K3sService {
  /** k3s starts, and has asked nobody anything yet. */
  started(): Promise<void>;
  /** k3s said READY: etcd and the API server are up. Source: pkg/cli/server/server.go of k3s. */
  ready(): Promise<void>;
  /** After its end, however it came. */
  ended(): Promise<void>;
}

const UNIT = 'k3s.service';
/** Of the types that are used, only this one waits for READY. Source: systemd.service(5). */
const WAITS = 'notify';
/** Made by the stand-in of `ip`. */
const ROUTES = '/run/routes';

export function k3sService(disk: DropletDisk, shell: DropletShell): K3sService {
  const waits = () => directives(disk, UNIT, 'Type').includes(WAITS);
  return {
    async started() {
      await shell.runUnit(UNIT, 'ExecStartPre');
      if (!waits()) await shell.runUnit(UNIT, 'ExecStartPost');
    },
    async ready() {
      if (waits()) await shell.runUnit(UNIT, 'ExecStartPost');
    },
    ended: () => shell.runUnit(UNIT, 'ExecStopPost'),
  };
}

/** Whether packets for an address end on this droplet, its own included: it has a local route. */
export function ownsAddress(disk: DropletDisk, address: string): boolean {
  return disk.has(`${ROUTES}/${address}`);
}
