/** What a worker's units do beside k3s: those that are ordered after it start after it, and stop before it. */
import type { DropletDisk } from './droplet-disk';
import type { DropletShell } from './droplet-shell';
import { directives, UNITS } from './unit-file';

interface Worker {
  readonly droplet: { readonly name: string };
  readonly disk: DropletDisk;
  readonly shell: DropletShell;
}

const K3S = 'k3s-agent.service';

/** Returns when they have ended. One that fails is told and changes nothing else. */
export async function runUnitsAfterK3s(
  { disk, shell, droplet }: Worker,
  directive: 'ExecStart' | 'ExecStop',
  log: (line: string) => void,
): Promise<void> {
  const units = disk.list(UNITS).filter((unit) => directives(disk, unit, 'After').join(' ').split(' ').includes(K3S));
  for (const command of units.flatMap((unit) => directives(disk, unit, directive))) {
    const { succeeded, output, complaint } = await shell.run(command.split(' '));
    const lines = [...output.split('\n'), ...(succeeded ? [] : [`${command}: ${complaint}`])];
    for (const line of lines.filter((text) => text !== '')) log(`${droplet.name}: ${line}`);
  }
}
