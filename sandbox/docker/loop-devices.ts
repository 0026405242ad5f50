/** Loop devices of this host. A container with the rights for it changes them, as whoever asks may not be root; everybody may read which there are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import type { DockerEngine } from './engine';

export interface LoopTools {
  readonly engine: DockerEngine;
  /** Of a container that has losetup. */
  readonly image: string;
  /** Of that container. */
  readonly label: string;
}

const DEVICES = '/sys/block';
const CONTROL = '/dev/loop-control';
/** Another program may take the one that was free a moment ago. */
const ATTACH = `
[ -e ${CONTROL} ] || mknod ${CONTROL} c 10 237
for attempt in 1 2 3 4 5; do
  device=$(losetup --find)
  [ -e "$device" ] || mknod "$device" b 7 "\${device#/dev/loop}"
  losetup "$device" "$1" && echo "$device" && exit
done
exit 1`;
const WITH_DEVICE = `[ -e "$1" ] || mknod "$1" b 7 "\${1#/dev/loop}"`;

/** Why this host has no loop devices; undefined where it has. */
export function whyNoLoopDevices(): string | undefined {
  return existsSync(CONTROL) ? undefined : `${CONTROL} is not there (modprobe loop)`;
}

/** Devices that show a file, such as `/dev/loop7`. Files are known by their names, as a path is that of another's mounts. */
export function loopDevicesOf(file: string): string[] {
  const shows = (device: string) => basename(backingFile(device)).replace(/ \(deleted\)$/, '') === basename(file);
  return loopDevices()
    .filter(shows)
    .map((device) => `/dev/${device}`);
}

/** Has a device show a file. @returns the device, which may have done so before */
export async function showAsLoopDevice(tools: LoopTools, file: string): Promise<string> {
  const [shown] = loopDevicesOf(file);
  return shown ?? (await run(tools, dirname(file), ATTACH, file));
}

/** Tells a device that its file has grown. */
export async function growLoopDevice(tools: LoopTools, device: string): Promise<void> {
  await run(tools, undefined, `${WITH_DEVICE}\nlosetup --set-capacity "$1"`, device);
}

/** Ends every device that shows a file; one that somebody has mounted ends with that. */
export async function endLoopDevices(tools: LoopTools, file: string): Promise<void> {
  for (const device of loopDevicesOf(file)) {
    await run(tools, undefined, `${WITH_DEVICE}\nlosetup --detach "$1"`, device);
  }
}

async function run(
  { engine, image, label }: LoopTools,
  folder: string | undefined,
  script: string,
  argument: string,
): Promise<string> {
  const { code, text } = await engine.attempt([
    ...['run', '--rm', '--label', label, '--network', 'none', '--cap-drop', 'ALL'],
    ...['--cap-add', 'SYS_ADMIN', '--cap-add', 'MKNOD', '--cap-add', 'DAC_OVERRIDE'],
    ...['--security-opt', 'apparmor=unconfined', '--device-cgroup-rule', 'a *:* rwm'],
    ...(folder === undefined ? [] : ['--volume', `${folder}:${folder}`]),
    ...[image, 'sh', '-c', script, 'loop', argument],
  ]);
  if (code !== 0) throw new CommandFailure(`This host gives no loop device for ${argument}: ${text.trim()}`);
  return text.trim();
}

function loopDevices(): string[] {
  return existsSync(DEVICES) ? readdirSync(DEVICES).filter((name) => name.startsWith('loop')) : [];
}

function backingFile(device: string): string {
  try {
    return readFileSync(join(DEVICES, device, 'loop/backing_file'), 'utf8').trim();
  } catch {
    // It shows none.
    return '';
  }
}
