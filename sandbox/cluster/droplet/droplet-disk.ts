/** A droplet's disk: a folder that stands for `/`. It outlives a restart of the droplet and goes with it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import { BootFailure } from '../boot-failure';

export class DropletDisk {
  constructor(private readonly root: string) {}

  /** Where an absolute path of the droplet is on this machine. */
  at(path: string): string {
    return join(this.root, normalize(`/${path}`)).replace(/\/$/, '');
  }

  has(path: string): boolean {
    return existsSync(this.at(path));
  }

  /** @throws BootFailure where there is no such file */
  read(path: string): Buffer {
    if (!this.has(path)) throw new BootFailure(`The user data writes no ${path}.`);
    return readFileSync(this.at(path));
  }

  /**
   * For the owner only, whatever the mode on the droplet: nobody else uses the emulated machine.
   *
   * @param mode on the droplet, for example 0o755; by default nobody executes the file
   */
  write(path: string, content: string | Buffer, mode = 0o600): void {
    writePrivateFile(this.at(path), content, { mode: mode & 0o700 });
  }

  remove(path: string): void {
    rmSync(this.at(path), { recursive: true, force: true });
  }

  makeFolder(path: string): void {
    mkdirSync(this.at(path), { recursive: true, mode: 0o700 });
  }

  /** Names in a folder, sorted; none where there is no such folder. */
  list(path: string): string[] {
    return this.has(path) ? readdirSync(this.at(path)).sort() : [];
  }
}
