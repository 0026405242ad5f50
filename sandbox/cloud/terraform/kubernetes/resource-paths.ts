/** Where objects are in the API, which the API itself tells by group and version. */
import type { KubernetesClient } from '#clients/kubernetes/client';
import { ProviderError } from '../engine/resource';
import type { ObjectRef } from './object-ref';

interface Resource {
  /** Plural; a subresource has a slash in it. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export class ResourcePaths {
  private readonly known = new Map<string, readonly Resource[]>();

  constructor(private readonly client: KubernetesClient) {}

  async object(ref: ObjectRef): Promise<string> {
    return `${await this.collection(ref)}/${ref.metadata.name}`;
  }

  async collection({ apiVersion, kind, metadata }: ObjectRef): Promise<string> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const isOf = (resource: Resource) => resource.kind === kind && !resource.name.includes('/');
    // A kind that was not there a moment ago may have come with its CRD.
    const resource = this.known.get(group)?.find(isOf) ?? (await this.read(group)).find(isOf);
    if (resource === undefined) throw new ProviderError(`no matches for kind "${kind}" in version "${apiVersion}"`);
    const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${group}${namespace}/${resource.name}`;
  }

  private async read(group: string): Promise<readonly Resource[]> {
    const { resources = [] } = (await this.client.get<{ resources?: Resource[] }>(group)) ?? {};
    this.known.set(group, resources);
    return resources;
  }
}
