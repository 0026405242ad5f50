/** Collections of the Kubernetes API that the controllers look at. */
import type { KubernetesObject } from '#clients/kubernetes/object';

export const INGRESSES = '/apis/networking.k8s.io/v1/ingresses';
export const INGRESS_CLASSES = '/apis/networking.k8s.io/v1/ingressclasses';
export const PODS = '/api/v1/pods';
export const SERVICES = '/api/v1/services';
export const SECRETS = '/api/v1/secrets';
export const CLAIMS = '/api/v1/persistentvolumeclaims';
export const VOLUMES = '/api/v1/persistentvolumes';
export const STORAGE_CLASSES = '/apis/storage.k8s.io/v1/storageclasses';
export const CLUSTER_ISSUERS = '/apis/cert-manager.io/v1/clusterissuers';
export const CERTIFICATES = '/apis/cert-manager.io/v1/certificates';
export const CHALLENGES = '/apis/acme.cert-manager.io/v1/challenges';

/** Path of the collection that the object is created in: that of its namespace, if it has one. */
export function collectionOf(
  collection: string,
  { metadata: { namespace } }: Pick<KubernetesObject, 'metadata'>,
): string {
  if (namespace === undefined) return collection;
  const split = collection.lastIndexOf('/');
  return `${collection.slice(0, split)}/namespaces/${namespace}${collection.slice(split)}`;
}

/** Path of one object of a collection. */
export function pathOf(collection: string, object: Pick<KubernetesObject, 'metadata'>): string {
  return `${collectionOf(collection, object)}/${object.metadata.name}`;
}
