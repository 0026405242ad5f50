/** A droplet's disk: a folder that stands for `/`. It outlives a restart of the droplet and goes with it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { BootFailure } from '../boot/boot-failure';

export interface DropletDisk {
  /** Where an absolute path of the droplet is on this machine. */
  at(path: string): string;
  has(path: string): boolean;
  /** @throws BootFailure where there is no such file */
  read(path: string): Buffer;
  /**
   * For the owner only, whatever the mode on the droplet: nobody else uses the emulated machine.
   *
   * @param mode on the droplet, for example 0o755; by default nobody executes the file
   */
  write(path: string, content: string | Buffer, mode?: number): void;
  remove(path: string): void;
  /** Names in a folder, sorted; none where there is no such folder. */
  list(path: string): string[];
}

export function dropletDisk(root: string): DropletDisk {
  const at = (path: string) => join(root, normalize(`/${path}`));
  return {
    at,
    has: (path) => existsSync(at(path)),
    read(path) {
      if (!existsSync(at(path))) throw new BootFailure(`The user data writes no ${path}.`);
      return readFileSync(at(path));
    },
    write(path, content, mode = 0o600) {
      mkdirSync(dirname(at(path)), { recursive: true, mode: 0o700 });
      writeFileSync(at(path), content, { mode: mode & 0o700 });
    },
    remove: (path) => rmSync(at(path), { recursive: true, force: true }),
    list: (path) => (existsSync(at(path)) ? readdirSync(at(path)).sort() : []),
  };
}
