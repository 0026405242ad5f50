/** Command lines of the control plane's programs. */
import type { DropletDisk } from '../droplet/droplet-disk';

export type FlagValues = Readonly<Record<string, string | number | boolean>>;

/**
 * @param own flags that the server sets, by name
 * @param extra flags of k3s' configuration, `name=value`; they win, and absolute paths in them are on the droplet's disk
 */
export function programFlags(own: FlagValues, extra: readonly string[], disk: DropletDisk): string[] {
  const extraNames = new Set(extra.map((flag) => flag.split('=', 1)[0]));
  const kept = Object.entries(own).filter(([name]) => !extraNames.has(name));
  return [
    ...kept.map(([name, value]) => `--${name}=${value}`),
    ...extra.map((flag) => `--${flag.replace(/=(\/.*)$/, (_, path: string) => `=${disk.at(path)}`)}`),
  ];
}
