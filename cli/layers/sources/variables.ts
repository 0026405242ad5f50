/** The variables that Argo CD puts into options of a source. */
import type { Owner, SourceSpec } from '../application';

/** Both revisions are rendered with it, so that only what changes with the commit looks the same. */
const REVISION = '0'.repeat(40);

/** @returns replaces `$NAME`, `${NAME}` and `$$` in a text; an unknown name becomes nothing */
export function variablesOf({ name, namespace, project }: Owner, source: SourceSpec): (text: string) => string {
  const values = new Map([
    ['$', '$'],
    ['ARGOCD_APP_NAME', name],
    ['ARGOCD_APP_NAMESPACE', namespace],
    ['ARGOCD_APP_PROJECT_NAME', project],
    ['ARGOCD_APP_REVISION', REVISION],
    ['ARGOCD_APP_REVISION_SHORT', REVISION.slice(0, 7)],
    ['ARGOCD_APP_REVISION_SHORT_8', REVISION.slice(0, 8)],
    ['ARGOCD_APP_SOURCE_REPO_URL', source.repoURL ?? ''],
    ['ARGOCD_APP_SOURCE_PATH', source.path ?? ''],
    ['ARGOCD_APP_SOURCE_TARGET_REVISION', source.targetRevision ?? ''],
  ]);
  return (text) =>
    text.replaceAll(/\$(?:\{([^}]*)\}|(\$|\w+))/g, (_, braced?: string, bare?: string) => {
      return values.get(braced ?? bare ?? '') ?? '';
    });
}
