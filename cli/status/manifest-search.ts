/** Where in the working tree a manifest stands. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isManifestFile, manifestDocuments, type ManifestDocument } from '../manifests/documents';
import type { ObjectName } from './platform-status';

export interface ManifestSearch {
  /** `k8s/03-apps/jenkins.yaml:12`; undefined when there is no such object, or no checkout. @param folder of the layer, such as `k8s/03-apps` */
  fileOf(folder: string, object: ObjectName): string | undefined;
  /** All places where it stands. */
  filesOf(folder: string, object: ObjectName): readonly string[];
  /** Path of a file of which only the name is known; without a checkout, the folder and the name. */
  fileNamed(folder: string, name: string): string;
}

/** @param checkout the folder that holds k8s/. Only what is asked for is read. */
export function manifestSearch(checkout: string): ManifestSearch {
  function* placesOf(folder: string, object: ObjectName): Generator<string> {
    for (const file of filesUnder(checkout, folder)) {
      for (const document of documentsIn(join(checkout, file))) {
        if (isSame(document, object)) yield `${file}:${document.line}`;
      }
    }
  }
  return {
    fileOf: (folder, object) => placesOf(folder, object).next().value as string | undefined,
    filesOf: (folder, object) => [...placesOf(folder, object)],
    fileNamed: (folder, name) =>
      filesUnder(checkout, folder).find((file) => file === join(folder, name) || basename(file) === basename(name)) ??
      join(folder, name),
  };
}

function filesUnder(checkout: string, folder: string): string[] {
  try {
    const names = readdirSync(join(checkout, folder), { recursive: true, encoding: 'utf8' });
    return names
      .filter(isManifestFile)
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function documentsIn(file: string): readonly ManifestDocument[] {
  try {
    return manifestDocuments(file, readFileSync(file, 'utf8'));
  } catch {
    // A broken file is reported by Argo CD itself.
    return [];
  }
}

/** A manifest may leave its namespace to the layer. */
function isSame(document: ManifestDocument, { kind, namespace, name }: ObjectName): boolean {
  const { namespace: said } = document;
  return document.kind === kind && document.name === name && (said === undefined || said === namespace);
}
