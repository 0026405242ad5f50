/** Objects of any kind in the Kubernetes API, with the credentials of a provider block. */
import type { KubernetesObject } from './kubernetes-object';
import { ProviderError, type ValueObject } from '../engine/resource';
import { kubernetesApi, type Answer, type KubernetesApi } from './api';
import type { ObjectRef } from './object-ref';
import { resourcePaths, type ResourcePaths } from './resource-paths';

export interface KubernetesAccess {
  /** Undefined when there is no such object. */
  get<T extends KubernetesObject>(ref: ObjectRef): Promise<T | undefined>;
  create(object: KubernetesObject): Promise<void>;
  /** Server-side apply: fields that another manager owns are taken over. */
  apply(object: KubernetesObject, manager: string): Promise<void>;
  /** JSON merge patch. */
  merge(change: KubernetesObject): Promise<void>;
  /** False when there was no such object. */
  delete(ref: ObjectRef): Promise<boolean>;
}

const APPLY_PATCH = 'application/apply-patch+yaml';
const MERGE_PATCH = 'application/merge-patch+json';

/** @param config values that are not known yet fail at the first call */
export function kubernetesAccess(config: ValueObject): KubernetesAccess {
  let connected: { api: KubernetesApi; paths: ResourcePaths } | undefined;
  const connection = () => (connected ??= connect(config));
  const call = async (method: string, object: ObjectRef, how: Call = {}): Promise<Answer> => {
    const { api, paths } = connection();
    const path = `${await paths.of(object, how.collection === true)}${how.query ?? ''}`;
    const answer = await api.send(method, path, how.body, how.contentType);
    const missing = answer.status === 404 && how.mayBeMissing === true;
    if (answer.status >= 400 && !missing) throw new ProviderError(messageOf(answer));
    return answer;
  };
  return {
    get: async <T extends KubernetesObject>(ref: ObjectRef) => {
      const { status, body } = await call('GET', ref, { mayBeMissing: true });
      return status === 404 ? undefined : (body as T);
    },
    create: async (object) => {
      await call('POST', object as ObjectRef, { body: object, collection: true });
    },
    apply: async (object, manager) => {
      const query = `?fieldManager=${manager}&force=true`;
      await call('PATCH', object as ObjectRef, { body: object, query, contentType: APPLY_PATCH });
    },
    merge: async (change) => {
      await call('PATCH', change as ObjectRef, { body: change, contentType: MERGE_PATCH });
    },
    delete: async (ref) => (await call('DELETE', ref, { mayBeMissing: true })).status !== 404,
  };
}

interface Call {
  readonly body?: object;
  readonly contentType?: string;
  readonly query?: string;
  /** Of the kind's collection instead of one object. */
  readonly collection?: boolean;
  readonly mayBeMissing?: boolean;
}

function connect(config: ValueObject): { api: KubernetesApi; paths: ResourcePaths } {
  const api = kubernetesApi(config);
  return { api, paths: resourcePaths(api) };
}

function messageOf({ status, body }: Answer): string {
  return (body as { message?: string } | null)?.message ?? `The Kubernetes API answered ${status}`;
}
