/** What this machine must have for droplets as containers. */
import { availableParallelism } from 'node:os';
import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CommandFailure } from '#clients/failure';
import type { ForgeConfig } from '#config/schema';
import { whyNoMachines } from './engine';
import { whyNoLoopDevices } from './loop-devices';

/** What there is. */
export interface Host {
  readonly platform: string;
  readonly processors: number;
  readonly memoryMiB: number;
  readonly diskMiB: number;
  /** Why no container can be made; undefined where one can. */
  readonly whyNoMachines: string | undefined;
  /** Why no volume can be shown to one; undefined where it can. */
  readonly whyNoLoopDevices: string | undefined;
}

/** Measured: a server with its cluster takes 0.9 GiB, a worker 0.3; and the cloud around them. */
const SERVER_MIB = 1536;
const WORKER_MIB = 512;
const CLOUD_MIB = 512;
/** Measured, all layers together: 1.6 GiB of a server and 0.8 of each of two workers, but for Jenkins, which was not there. */
const PODS_MIB = 4096;
/** Measured: 3.4 GiB each, where every machine has the images of all layers out of archives. Volumes take what is in them. */
const DISK_PER_MACHINE_MIB = 3584;
const PROCESSORS = 2;

export async function thisHost(folder: string): Promise<Host> {
  return {
    platform: `${process.platform}/${process.arch}`,
    processors: availableParallelism(),
    memoryMiB: Number(/^MemAvailable:\s+(\d+) kB$/m.exec(procFile('/proc/meminfo'))?.[1] ?? 0) / 1024,
    diskMiB: await freeMiB(folder),
    whyNoMachines: whyNoMachines(),
    whyNoLoopDevices: whyNoLoopDevices(),
  };
}

/** @throws CommandFailure with everything that is missing */
export function requireHost(host: Host, { servers, workers }: Pick<ForgeConfig, 'servers' | 'workers'>): void {
  const workerCount = workers.reduce((sum, { count }) => sum + count, 0);
  const memory = servers.count * SERVER_MIB + workerCount * WORKER_MIB + CLOUD_MIB + PODS_MIB;
  const disk = (servers.count + workerCount) * DISK_PER_MACHINE_MIB;
  const missing = [
    // k3s is pinned with the checksum of this one.
    ...(host.platform === 'linux/x64' ? [] : [`Linux on x86-64: this is ${host.platform}`]),
    ...(host.whyNoMachines === undefined ? [] : [`Docker: ${host.whyNoMachines}`]),
    ...(host.whyNoLoopDevices === undefined ? [] : [`loop devices, for volumes: ${host.whyNoLoopDevices}`]),
    ...(host.processors >= PROCESSORS ? [] : [`${PROCESSORS} processors: there is ${host.processors}`]),
    ...(host.memoryMiB >= memory ? [] : [`${inGiB(memory)} of free memory: there are ${inGiB(host.memoryMiB)}`]),
    ...(host.diskMiB >= disk ? [] : [`${inGiB(disk)} of free disk: there are ${inGiB(host.diskMiB)}`]),
  ];
  if (missing.length === 0) return;
  throw new CommandFailure(
    [
      `The real sandbox, with ${servers.count} ${servers.count === 1 ? 'server' : 'servers'} and ${workerCount} workers, needs`,
      ...missing.map((line) => `- ${line}`),
      'The quick one needs less: npx forge sandbox up',
    ].join('\n'),
  );
}

function inGiB(mebibytes: number): string {
  return `${(mebibytes / 1024).toFixed(1)} GiB`;
}

function procFile(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Of the folder, or the nearest one above that there is. */
async function freeMiB(folder: string): Promise<number> {
  if (!existsSync(folder)) return freeMiB(dirname(folder));
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / 1024 / 1024;
}
