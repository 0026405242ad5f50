/** Objects in the Kubernetes API, with the credentials of a provider block. */
import { KubernetesClient } from '#clients/kubernetes/client';
import { KubernetesFailure } from '#clients/kubernetes/failure';
import { text } from '../attributes';
import { ProviderError, type ValueObject } from '../engine/resource';
import type { KubernetesObject } from './kubernetes-object';

/** Paths are those of objects, such as `/api/v1/namespaces/rt`. Failures are `ProviderError`s in the API server's own words. */
export class KubernetesAccess {
  private client: KubernetesClient | undefined;

  /** @param config values that are not known yet fail at the first call; credentials other than certificates are not read */
  constructor(private readonly config: ValueObject) {}

  /** Undefined when there is no such object. */
  get<T extends KubernetesObject>(path: string): Promise<T | undefined> {
    return this.call((client) => client.get<T>(path));
  }

  create(path: string, object: KubernetesObject): Promise<void> {
    return this.call(async (client) => {
      const [, collection, kind, name] = /^(.*\/(\w+))\/([^/]+)$/.exec(path)!;
      if (!(await client.create(collection!, object))) throw new ProviderError(`${kind} "${name}" already exists`);
    });
  }

  /** JSON merge patch. */
  merge(path: string, change: KubernetesObject): Promise<void> {
    return this.call((client) => client.patch(path, change));
  }

  /** False when there was no such object. */
  delete(path: string): Promise<boolean> {
    return this.call((client) => client.delete(path));
  }

  private async call<T>(work: (client: KubernetesClient) => Promise<T>): Promise<T> {
    this.client ??= connect(this.config);
    try {
      return await work(this.client);
    } catch (error) {
      if (!(error instanceof KubernetesFailure)) throw error;
      if (error.status !== undefined) throw new ProviderError(error.reason);
      throw new ProviderError('The Kubernetes API cannot be reached', `${text(this.config, 'host')}: ${error.reason}`);
    }
  }
}

function connect(config: ValueObject): KubernetesClient {
  const server = text(config, 'host');
  if (server === '') {
    throw new ProviderError('The provider is not configured', 'The address of the cluster is not known yet.');
  }
  return new KubernetesClient({
    server,
    clusterCaCertificate: text(config, 'cluster_ca_certificate'),
    clientCertificate: text(config, 'client_certificate'),
    clientKey: text(config, 'client_key'),
  });
}
