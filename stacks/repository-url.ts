/**
 * Address by which Argo CD reads the repository: SSH with its read-only deploy key works for public and private ones alike.
 *
 * @param repository `owner/name` on GitHub
 */
export function repositoryUrl(repository: string): string {
  return `git@github.com:${repository}.git`;
}
