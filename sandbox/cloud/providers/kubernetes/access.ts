/** The Kubernetes API with the credentials of a provider block: no others, so wrong ones fail as they would for real. */
import {
  ApiException,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
} from '@kubernetes/client-node';
import { ProviderError, type ValueObject } from '../../engine/resource';
import { text } from '../attributes';

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

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

/** @param config a provider block with `host` and certificates; values that are not known yet fail at the first call */
export function kubernetesAccess(config: ValueObject): KubernetesAccess {
  let connected: KubernetesObjectApi | undefined;
  const api = () => (connected ??= connect(config));
  return {
    get: <T extends KubernetesObject>(ref: ObjectRef) => absentIfMissing<T>(() => api().read<T>(ref)),
    create: async (object) => {
      await explained(() => api().create(object));
    },
    apply: async (object, manager) => {
      await explained(() => api().patch(object, undefined, undefined, manager, true, PatchStrategy.ServerSideApply));
    },
    merge: async (change) => {
      await explained(() => api().patch(change, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch));
    },
    delete: async (ref) => (await absentIfMissing(() => api().delete(ref))) !== undefined,
  };
}

function connect(config: ValueObject): KubernetesObjectApi {
  const server = text(config, 'host');
  if (server === '')
    throw new ProviderError('The provider is not configured', 'The address of the cluster is not known yet.');
  const base64 = (name: string) => Buffer.from(text(config, name)).toString('base64');
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromOptions({
    clusters: [{ name: 'cluster', server, caData: base64('cluster_ca_certificate') }],
    users: [{ name: 'user', certData: base64('client_certificate'), keyData: base64('client_key') }],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  });
  return KubernetesObjectApi.makeApiClient(kubeConfig);
}

async function absentIfMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw asProviderError(error);
  }
}

async function explained<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asProviderError(error);
  }
}

function asProviderError(error: unknown): unknown {
  if (error instanceof ProviderError) return error;
  if (error instanceof ApiException)
    return new ProviderError(messageOf(error.body) ?? `Kubernetes answered ${error.code}`);
  return new ProviderError('The Kubernetes API cannot be reached', (error as Error).message);
}

function messageOf(body: unknown): string | undefined {
  const status = typeof body === 'string' ? (JSON.parse(body) as unknown) : body;
  return (status as { message?: string } | null)?.message;
}
