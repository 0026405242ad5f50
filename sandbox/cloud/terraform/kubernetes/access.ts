/** Objects of any kind in the Kubernetes API, with the credentials of a provider block. */
import { KubernetesClient } from '#clients/kubernetes/client';
import { KubernetesFailure } from '#clients/kubernetes/failure';
import type { KubernetesObject } from './kubernetes-object';
import { ProviderError, type ValueObject } from '../engine/resource';
import { text } from '../attributes';
import type { ObjectRef } from './object-ref';
import { ResourcePaths } from './resource-paths';

/** Failures are `ProviderError`s in the API server's own words. */
export class KubernetesAccess {
  private connected: { readonly client: KubernetesClient; readonly paths: ResourcePaths } | undefined;

  /** @param config values that are not known yet fail at the first call; credentials other than certificates are not read */
  constructor(private readonly config: ValueObject) {}

  /** Undefined when there is no such object. */
  get<T extends KubernetesObject>(ref: ObjectRef): Promise<T | undefined> {
    return this.call(async ({ client, paths }) => client.get<T>(await paths.object(ref)));
  }

  create(object: KubernetesObject): Promise<void> {
    return this.call(async ({ client, paths }) => {
      const collection = await paths.collection(object as ObjectRef);
      if (await client.create(collection, object)) return;
      throw new ProviderError(`${collection.split('/').at(-1)} "${object.metadata?.name}" already exists`);
    });
  }

  /** Server-side apply: fields that another manager owns are taken over. */
  apply(object: KubernetesObject, manager: string): Promise<void> {
    return this.call(async ({ client, paths }) => {
      await client.apply(await paths.object(object as ObjectRef), object, manager);
    });
  }

  /** JSON merge patch. */
  merge(change: KubernetesObject): Promise<void> {
    return this.call(async ({ client, paths }) => client.patch(await paths.object(change as ObjectRef), change));
  }

  /** False when there was no such object. */
  delete(ref: ObjectRef): Promise<boolean> {
    return this.call(async ({ client, paths }) => client.delete(await paths.object(ref)));
  }

  private async call<T>(work: (connected: NonNullable<typeof this.connected>) => Promise<T>): Promise<T> {
    this.connected ??= connect(this.config);
    try {
      return await work(this.connected);
    } catch (error) {
      if (!(error instanceof KubernetesFailure)) throw error;
      if (error.status !== undefined) throw new ProviderError(error.reason);
      throw new ProviderError('The Kubernetes API cannot be reached', `${text(this.config, 'host')}: ${error.reason}`);
    }
  }
}

function connect(config: ValueObject): { client: KubernetesClient; paths: ResourcePaths } {
  const server = text(config, 'host');
  if (server === '') {
    throw new ProviderError('The provider is not configured', 'The address of the cluster is not known yet.');
  }
  const client = new KubernetesClient({
    server,
    clusterCaCertificate: text(config, 'cluster_ca_certificate'),
    clientCertificate: text(config, 'client_certificate'),
    clientKey: text(config, 'client_key'),
  });
  return { client, paths: new ResourcePaths(client) };
}
