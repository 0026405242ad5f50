/** Why an Application is not Synced and Healthy. */
import type { ApplicationObject, ResourceResult, ResourceStatus } from './api-objects';
import type { ManifestSearch } from './manifest-search';
import { nameOf, type ObjectName, type Reason, type Trouble } from './platform-status';

export interface Evidence {
  readonly search: ManifestSearch;
  /** Of the tools' objects. */
  readonly troubles: readonly Trouble[];
}

type Status = NonNullable<ApplicationObject['status']>;

/** What weighs most comes first. Never empty: an unhealthy Application that says nothing is reported as such. */
export function reasonsOf(application: ApplicationObject, { search, troubles }: Evidence): Reason[] {
  const folder = application.spec?.source?.path ?? '';
  const status = application.status ?? {};
  const locate = (object: ObjectName) => {
    const file = search.fileOf(folder, object);
    return { object, ...(file !== undefined && { file }) };
  };
  const failures = [
    ...conditionReasons(status, folder, search),
    ...failedObjects(status).map(({ object, message }) => ({ message, failed: true, ...locate(object) })),
  ];
  const found = [
    ...(failures.length > 0 ? failures : failedOperation(status)),
    ...troublesOf(status, troubles).map((trouble) => troubleReason(trouble, locate(trouble.of ?? trouble.object))),
    ...unhealthyResources(status).map(({ object, message }) => ({ message, failed: false, ...locate(object) })),
  ];
  if (found.length > 0) return distinct(found);
  return [progressOf(status)];
}

/** Errors of Argo CD itself. A SyncError only repeats what the objects say. */
function conditionReasons({ conditions = [] }: Status, folder: string, search: ManifestSearch): Reason[] {
  return conditions
    .filter(({ type }) => type.endsWith('Error') && type !== 'SyncError')
    .map(({ type, message = '' }) => {
      const text = withoutWrapping(message);
      const file = /(?:Failed to unmarshal|Found multiple objects in|Failed to read)[^"]*"([^"]+)"/.exec(text)?.[1];
      return {
        message: `${type}: ${text}`,
        failed: true,
        ...(file !== undefined && { file: search.fileNamed(folder, file) }),
      };
    });
}

/** What the layers of calls between Argo CD's processes put in front. */
function withoutWrapping(message: string): string {
  return message
    .replace(/^Failed to load target state: /, '')
    .replace(/^failed to generate manifest for source \d+ of \d+: /, '')
    .replace(/^(?:rpc error: code = \w+ desc = )+/, '')
    .replace(/^Manifest generation error \(cached\): /, '');
}

interface FoundObject {
  readonly object: ObjectName;
  readonly message: string;
}

function failedObjects(status: Status): FoundObject[] {
  const results = status.operationState?.syncResult?.resources ?? [];
  const when = olderAttempt(status);
  return results
    .filter(isFailed)
    .map((result) => ({ object: objectOf(result), message: `${result.message ?? 'refused'}${when}` }));
}

/** A retry waits for minutes: until then the failure is that of the commit before. */
function olderAttempt({ operationState, sync }: Status): string {
  const [tried, wanted] = [operationState?.syncResult?.revision, sync?.revision];
  if (!tried || !wanted || tried === wanted) return '';
  return ` (so at ${tried.slice(0, 7)}; ${wanted.slice(0, 7)} was not tried yet)`;
}

function isFailed({ status, hookPhase }: ResourceResult): boolean {
  return status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error';
}

/** A sync that failed as a whole, such as one that would take an object from another layer. */
function failedOperation({ operationState, conditions = [] }: Status): Reason[] {
  const { phase, message } = operationState ?? {};
  if (message !== undefined && (phase === 'Failed' || phase === 'Error' || RETRY_PLANNED.test(message))) {
    return [{ message: withoutRetry(message), failed: true }];
  }
  const condition = conditions.find(({ type }) => type === 'SyncError');
  return condition === undefined ? [] : [{ message: withoutRetry(condition.message ?? 'SyncError'), failed: true }];
}

const RETRY_PLANNED = /\.? Retrying attempt #\d+ at [^.]*\.$/;

function withoutRetry(message: string): string {
  return message.replace(RETRY_PLANNED, '').replace(/ \(retried \d+ times\)\.$/, '');
}

function troublesOf({ resources = [] }: Status, troubles: readonly Trouble[]): Trouble[] {
  const names = new Set(resources.map((resource) => nameOf(objectOf(resource))));
  return troubles.filter(({ object, of }) => names.has(nameOf(of ?? object)));
}

function troubleReason({ object, reason, message, of }: Trouble, place: Partial<Reason>): Reason {
  const about = of === undefined || object.kind === of.kind ? '' : `${nameOf(object)}: `;
  return { message: `${about}${reason}: ${message}`, failed: true, ...place };
}

function unhealthyResources({ resources = [] }: Status): FoundObject[] {
  return resources
    .filter(({ kind, health }) => kind !== 'Application' && health !== undefined && health.status !== 'Healthy')
    .map((resource) => {
      const { status = 'Unknown', message } = resource.health ?? {};
      return { object: objectOf(resource), message: message ? `${status}: ${message}` : status };
    });
}

/** Nothing failed that could be seen. */
function progressOf({ sync, health, operationState, resources = [] }: Status): Reason {
  if (sync === undefined) return { message: 'Argo CD has not looked at it yet', failed: false };
  const { phase, message } = operationState ?? {};
  if (phase === 'Running' && message) return { message: withoutRetry(message), failed: false };
  const different = resources.filter(({ status }) => status === 'OutOfSync');
  if (different.length > 0) return { message: `not applied yet: ${listOf(different)}`, failed: false };
  const text = health?.message ?? `sync is ${sync.status ?? 'Unknown'}, health is ${health?.status ?? 'Unknown'}`;
  return { message: text, failed: health?.status === 'Degraded' };
}

const SHOWN = 3;

function listOf(resources: readonly ResourceStatus[]): string {
  const names = resources.map((resource) => {
    const name = nameOf(objectOf(resource));
    return resource.requiresPruning ? `${name} (to be deleted)` : name;
  });
  const more = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function objectOf({ kind = '', namespace, name = '' }: ResourceResult | ResourceStatus): ObjectName {
  return { kind, ...(namespace && { namespace }), name };
}

function distinct(reasons: readonly Reason[]): Reason[] {
  const byText = new Map<string, Reason>();
  for (const reason of reasons) {
    const key = `${reason.object ? nameOf(reason.object) : ''} ${reason.message}`;
    if (!byText.has(key)) byText.set(key, reason);
  }
  return [...byText.values()];
}
