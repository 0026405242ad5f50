/** One emulated droplet from power-on to power-off. */
import { BootFailure } from './boot-failure';
import { readBootstrapSettings } from './k3s/bootstrap-settings';
import type { DropletDisk } from './droplet/droplet-disk';
import { dropletShell } from './droplet/droplet-shell';
import { k3sService, tellSystemd } from './k3s/k3s-service';
import type { Booted, Site } from './machine';
import { processGroup, Stopped } from './droplet/process-group';
import type { ProcessStarter } from '../processes/process';
import type { MachineStatus, MachineOrder } from '../cloud/machines';
import { bootServer } from './boot/server-boot';
import { requireUnits } from './droplet/systemd-units';
import { runUnitsAfterK3s } from './droplet/unit-commands';
import { parseUserData } from './droplet/user-data';
import { bootWorker } from './boot/worker-boot';

export interface DropletMachine {
  /** A resize changes its size. */
  droplet: MachineOrder;
  readonly disk: DropletDisk;
  /** Once it is a node. */
  readonly booted: Booted | undefined;
  status(): MachineStatus;
  /** Ends it with a reason, as if it had crashed. */
  crash(reason: string): void;
  /** As if somebody had pressed its power button: returns when it is off. */
  shutDown(): Promise<void>;
  /** Power loss: returns when its processes are gone. */
  stop(): Promise<void>;
}

export interface MachineOptions {
  readonly droplet: MachineOrder;
  readonly disk: DropletDisk;
  readonly site: Site;
  readonly starter: ProcessStarter;
  /** It does not take requests any longer. */
  readonly onCrash: (id: number) => void;
}

/** cloud-init leaves it when it is done, and then never runs again on this machine. */
const FINISHED = '/var/lib/cloud/instance/boot-finished';

/** Boots in the background: see `status`. */
export function startMachine({ droplet, disk, site, starter, onCrash }: MachineOptions): DropletMachine {
  const processes = processGroup(starter);
  // What the kernel and systemd knew.
  disk.remove('/run');
  const { id, name } = droplet;
  const shell = dropletShell(disk, { FORGE_SPACES: site.spaces });
  const service = k3sService(disk, shell, (line) => site.log(`${name}: ${line}`));
  let role = roleOf(droplet);
  let state: MachineStatus['state'] = 'booting';
  let reason: string | undefined;
  let booted: Booted | undefined;
  let ended: Promise<void> | undefined;

  const progress = (text: string): void => void (reason = text);
  const machine = { droplet, disk, processes, shell, service, progress };
  const crash = (why: string): void => {
    if (state === 'failed') return;
    state = 'failed';
    reason = why;
    site.log(`${name}: ${why}`);
    onCrash(id);
    ended = processes.stop().then(() => service.ended());
  };
  const boot = async (): Promise<void> => {
    if (!disk.has(FINISHED)) runCloudInit(droplet, disk);
    const settings = readBootstrapSettings(disk);
    role = settings.role === 'agent' ? 'worker' : 'server';
    booted = await (role === 'server' ? bootServer(machine, site, settings) : bootWorker(machine, site, settings));
    state = 'running';
    reason = undefined;
    site.log(`${name}: Node ${booted.nodeName} is Ready.`);
  };
  const booting = boot().catch((error: unknown) => {
    if (!(error instanceof Stopped)) crash(explain(error));
  });
  void processes.failure.then(crash);
  const stop = async (): Promise<void> => {
    await Promise.all([processes.stop(), ended]);
    await shell.close();
    await booting;
  };

  return {
    droplet,
    disk,
    get booted() {
      return state === 'off' ? undefined : booted;
    },
    status: () => ({ id, name, role, state, ...(reason === undefined ? {} : { reason }) }),
    crash,
    async shutDown() {
      tellSystemd(disk);
      if (state === 'running') await runUnitsAfterK3s(machine, 'ExecStop', site.log);
      await processes.stop();
      await service.ended();
      await stop();
      state = 'off';
    },
    stop,
  };
}

function runCloudInit(droplet: MachineOrder, disk: DropletDisk): void {
  const userData = parseUserData(droplet.userData);
  requireUnits(userData);
  for (const { path, content, mode } of userData.files) disk.write(path, content, mode);
  disk.write(FINISHED, '');
}

/** Until the user data is read. */
function roleOf({ tags }: MachineOrder): MachineStatus['role'] {
  return tags.some((tag) => tag.endsWith('-server')) ? 'server' : 'worker';
}

function explain(error: unknown): string {
  if (error instanceof BootFailure) return error.message;
  return `Unexpected: ${error instanceof Error ? error.message : String(error)}`;
}
