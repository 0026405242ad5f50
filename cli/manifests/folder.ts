/** The manifests of a checkout on disk. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { CommandFailure } from '#clients/failure';

/** Text of the manifests by path under k8s/, with slashes. Links are left out: what they lead to stands there itself. */
export type ManifestFiles = ReadonlyMap<string, string>;

/**
 * @param folder the checkout's k8s/
 * @throws CommandFailure when there is no such folder
 */
export function readManifests(folder: string): ManifestFiles {
  return new Map(
    listFolder(folder)
      .filter((file) => /\.ya?ml$/.test(file))
      .sort()
      .map((file) => [file.split(sep).join('/'), readFileSync(join(folder, file), 'utf8')]),
  );
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  } catch {
    throw new CommandFailure(`There is no ${folder}. Work in the folder of the checkout that holds k8s/.`);
  }
}

/** Writes the files that differ, each in one step, and returns how many. */
export function writeManifests(folder: string, before: ManifestFiles, after: ManifestFiles): number {
  const changed = [...after].filter(([file, text]) => before.get(file) !== text);
  for (const [file, text] of changed) {
    const path = join(folder, file);
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
  }
  return changed.length;
}
