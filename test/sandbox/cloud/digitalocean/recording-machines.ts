/** Machines that only take notes. */
import type { MachineOrder, Machines, MachineVolume, PacketFilter } from '#sandbox/cloud/machines';
import type { TcpForwarder } from '#sandbox/net/forwarder';

export interface RecordingMachines extends Machines {
  readonly booted: MachineOrder[];
  readonly turnedOff: number[];
  readonly destroyed: number[];
  /** What is forwarded at the moment, by id. */
  readonly forwarders: Map<string, TcpForwarder>;
  /** What gets through at the moment, by droplet. */
  readonly filters: Map<number, PacketFilter | undefined>;
  /** What there is at the moment. */
  disks: readonly MachineVolume[];
  /** Makes the next boot fail with this reason. */
  failNextBoot: string | undefined;
}

export function recordingMachines(): RecordingMachines {
  const machines: RecordingMachines = {
    booted: [],
    turnedOff: [],
    destroyed: [],
    forwarders: new Map(),
    filters: new Map(),
    disks: [],
    failNextBoot: undefined,
    boot: (order) => {
      machines.booted.push(order);
      const reason = machines.failNextBoot;
      machines.failNextBoot = undefined;
      return reason === undefined ? Promise.resolve() : Promise.reject(new Error(reason));
    },
    shutDown: (id) => note(machines.turnedOff, id),
    powerOff: (id) => note(machines.turnedOff, id),
    destroy: (id) => note(machines.destroyed, id),
    forward: (id, forwarder) => {
      if (forwarder === undefined) machines.forwarders.delete(id);
      else machines.forwarders.set(id, forwarder);
      return Promise.resolve();
    },
    filter: (id, filter) => {
      machines.filters.set(id, filter);
      return Promise.resolve();
    },
    volumes: (all) => {
      machines.disks = all;
      return Promise.resolve();
    },
    status: () => ({ droplets: [] }),
  };
  return machines;
}

function note<T>(notes: T[], what: T): Promise<void> {
  notes.push(what);
  return Promise.resolve();
}
