/** A clone of the sandbox's repository in which the tour edits, commits and pushes as an operator would. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git } from '../git/git';

export interface Clone {
  /** Changes a file. Throws when the change leaves it as it was: then the manifest is not what the tour thinks. */
  edit(file: string, change: (text: string) => string): void;
  read(file: string): string;
  write(file: string, text: string): void;
  remove(file: string): void;
  /** Commits and pushes. @returns the commit, as short as people write it */
  push(message: string): Promise<string>;
  /** Pushes the files as they were when the tour began. @returns undefined when nothing had been changed */
  restore(): Promise<string | undefined>;
}

/** @param folder is made anew */
export async function cloneRepository(repository: string, branch: string, folder: string): Promise<Clone> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  await git(['clone', '--quiet', '--branch', branch, repository, folder]);
  const base = await git(['-C', folder, 'rev-parse', 'HEAD']);
  const at = (file: string) => join(folder, file);
  const push = async (message: string): Promise<string> => {
    await git(['-C', folder, 'add', '--all']);
    await git(['-C', folder, 'commit', '--quiet', '-m', message]);
    await git(['-C', folder, 'push', '--quiet', 'origin', `HEAD:${branch}`]);
    return git(['-C', folder, 'rev-parse', '--short=7', 'HEAD']);
  };
  return {
    edit(file, change) {
      const before = readFileSync(at(file), 'utf8');
      const after = change(before);
      if (after === before) throw new Error(`${file} does not hold what the tour wants to change`);
      writeFileSync(at(file), after);
    },
    read: (file) => readFileSync(at(file), 'utf8'),
    write(file, text) {
      writeFileSync(at(file), text);
    },
    remove(file) {
      if (!existsSync(at(file))) throw new Error(`${file} does not exist`);
      rmSync(at(file));
    },
    push,
    async restore() {
      await git(['-C', folder, 'rm', '-r', '--quiet', '--cached', '.']);
      await git(['-C', folder, 'checkout', '--quiet', base, '--', '.']);
      await git(['-C', folder, 'clean', '--quiet', '-ffd']);
      if ((await git(['-C', folder, 'status', '--porcelain'])) === '') return undefined;
      return push('Put everything back');
    },
  };
}
