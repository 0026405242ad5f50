/** Where objects are in the API, which the API itself tells by group and version. */
import { ProviderError } from '../engine/resource';
import type { KubernetesApi } from './api';
import type { ObjectRef } from './object-ref';

export interface ResourcePaths {
  of(ref: ObjectRef, collection: boolean): Promise<string>;
}

interface Resource {
  /** Plural; a subresource has a slash in it. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export function resourcePaths(api: KubernetesApi): ResourcePaths {
  const known = new Map<string, readonly Resource[]>();
  const resourcesOf = async (group: string): Promise<readonly Resource[]> => {
    const { body } = await api.send('GET', group);
    const resources = (body as { resources?: Resource[] }).resources ?? [];
    known.set(group, resources);
    return resources;
  };
  const isOf = (kind: string) => (resource: Resource) => resource.kind === kind && !resource.name.includes('/');
  return {
    of: async ({ apiVersion, kind, metadata }, collection) => {
      const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      // A kind that was not there a moment ago may have come with its CRD.
      const resource = known.get(group)?.find(isOf(kind)) ?? (await resourcesOf(group)).find(isOf(kind));
      if (resource === undefined) throw new ProviderError(`no matches for kind "${kind}" in version "${apiVersion}"`);
      const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
      return `${group}${namespace}/${resource.name}${collection ? '' : `/${metadata.name}`}`;
    },
  };
}
