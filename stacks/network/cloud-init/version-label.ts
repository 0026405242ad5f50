/** Tells the k3s upgrade plans which version a node was installed with, so that a new one is not drained for nothing. */
export const VERSION_LABEL = 'forge/k3s-version';

/** A label's value has no plus sign. */
export function versionLabel(version: string): string {
  return version.replace('+', '-');
}
