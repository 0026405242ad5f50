/** What Argo CD has to say about an Application and its status does not show. */
import type { ApplicationObject } from './api-objects';
import type { ManifestSearch } from './manifest-search';
import { nameOf } from './platform-status';

/** Errors of an Application that is not healthy are its reasons (layer-reasons.ts). */
export function conditionWarnings(applications: readonly ApplicationObject[], search: ManifestSearch): string[] {
  const warnings = applications.flatMap((application) => {
    const { sync, health, conditions = [] } = application.status ?? {};
    const isHealthy = sync?.status === 'Synced' && health?.status === 'Healthy';
    return conditions
      .filter(({ type }) => type.endsWith('Warning') || (isHealthy && type.endsWith('Error')))
      .map(({ type, message = '' }) => repeated(application, message, search) ?? plain(application, type, message));
  });
  return [...new Set(warnings)];
}

function plain({ metadata }: ApplicationObject, type: string, message: string): string {
  return `${metadata.name}: ${type}${message.trim() && `: ${message.trim().replace(/\s+/g, ' ')}`}`;
}

/** `Resource /ConfigMap/rt/settings appeared 2 times among application resources.` */
const REPEATED = /^Resource [^/]*\/([^/]+)\/([^/]*)\/(\S+) appeared (\d+) times/;

function repeated({ metadata, spec }: ApplicationObject, message: string, search: ManifestSearch): string | undefined {
  const [, kind, namespace, name, times] = REPEATED.exec(message) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const object = { kind, ...(namespace && { namespace }), name };
  const files = search.filesOf(spec?.source?.path ?? '', object);
  const places = files.length > 0 ? ` (${files.join(', ')})` : '';
  return `${metadata.name} has ${nameOf(object)} ${times} times${places}, and Argo CD applies only the last. Leave one`;
}
