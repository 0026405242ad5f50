/** Waits for the layers of a real sandbox, where images may be missing that nobody can do anything about. */
import { CommandFailure } from '#clients/failure';
import { KubernetesClient } from '#clients/kubernetes/client';
import { accessFromKubeconfig } from '#clients/kubernetes/kubeconfig';
import { isReady } from '#clients/kubernetes/object';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import type { RunningSandbox } from '#sandbox/place/running-sandbox';
import type { ContainerStatus, PodObject } from '../status/api-objects';
import { describeBlocking } from '../status/describe';
import { manifestSearch } from '../status/manifest-search';
import type { LayerStatus } from '../status/platform-status';
import { waitForLayers } from '../wait/wait-for-layers';

/** Of cert-manager at Let's Encrypt, by the ClusterIssuer of k8s/01-init. */
export const ACME_ACCOUNT = '/api/v1/namespaces/cert-manager/secrets/letsencrypt-production-account';
const LIMIT_MS = 900_000;
/** Without a change, when all pods that wait do so for images: a certificate, which no pod waits for, takes a minute on a busy machine; and when others wait, perhaps for those. */
const PATIENCE_MS = { images: 90_000, others: 180_000 };
const NO_IMAGE = new Set(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull']);

export interface PodWithoutImage {
  /** With its namespace, such as `rt/jenkins-0`. */
  readonly pod: string;
  readonly image: string;
}

/** What is not there. */
export interface LayersEnd {
  readonly withoutImage: readonly PodWithoutImage[];
  /** Names of the layers that are not Healthy. */
  readonly layers: readonly string[];
  /** What Argo CD can make nothing of, with the reason: a chart that cannot be had. */
  readonly unread: readonly string[];
}

/**
 * @param isStarted whether its background process has just been started
 * @throws CommandFailure when a layer is not Healthy for another reason than that an image is missing
 */
export async function realLayers(
  sandbox: RunningSandbox,
  isStarted: boolean,
  progress: (line: string) => void,
): Promise<LayersEnd> {
  const client = new KubernetesClient(accessFromKubeconfig(kubeconfigFile(sandbox, 'admin')));
  const pods = () => client.list<PodObject>('/api/v1/pods').catch(() => []);
  try {
    // The authority of a sandbox that was started again knows no account; cert-manager makes another at once.
    if (isStarted) await client.delete(ACME_ACCOUNT);
    const { healthy, layers, blocking } = await waitForLayers(client, {
      timeoutMs: LIMIT_MS,
      search: manifestSearch(process.cwd()),
      notify: progress,
      isStuck: async (unchangedMs) => unchangedMs > PATIENCE_MS.images && isStuck(await pods(), unchangedMs),
    });
    if (healthy) return { withoutImage: [], layers: [], unread: [] };
    const withoutImage = podsWithoutImage(await pods());
    const reason = blocking === undefined ? '' : ` Blocked by ${describeBlocking(blocking)}`;
    if (withoutImage.length === 0) throw new CommandFailure(`The layers are not healthy.${reason}`);
    const unhealthy = layers.filter((layer) => !layer.healthy).map(({ name }) => name);
    return { withoutImage, layers: unhealthy, unread: unreadOf(layers) };
  } finally {
    client.close();
  }
}

/** Whether pods wait for images and nothing else happens any more. */
export function isStuck(pods: readonly PodObject[], unchangedMs: number): boolean {
  const waiting = pods.filter(isWaiting);
  const forImages = waiting.filter((pod) => imagesMissing(pod).length > 0);
  if (forImages.length === 0) return false;
  return unchangedMs > (forImages.length === waiting.length ? PATIENCE_MS.images : PATIENCE_MS.others);
}

export function podsWithoutImage(pods: readonly PodObject[]): PodWithoutImage[] {
  return pods.flatMap((pod) =>
    imagesMissing(pod).map((image) => ({ pod: `${pod.metadata.namespace}/${pod.metadata.name}`, image })),
  );
}

/** Of each Application that Argo CD cannot compare, why not. */
export function unreadOf(layers: readonly LayerStatus[]): string[] {
  return layers
    .flatMap((layer) => [layer, ...layer.parts])
    .filter(({ sync }) => sync === 'Unknown')
    .flatMap(({ name, reasons }) => reasons.filter(({ failed }) => failed).map(({ message }) => `${name}: ${message}`));
}

/**
 * @param lacking images that were known to be missing before anything started
 * @returns what there is to say. @throws CommandFailure with it when another image is missing, or more than images
 */
export function reportMissing(
  { withoutImage, unread }: Pick<LayersEnd, 'withoutImage' | 'unread'>,
  lacking: readonly string[],
): string {
  const report = [
    'These pods have no image. Their layers, and those after them, are not Healthy:',
    ...withoutImage.map(({ pod, image }) => `  ${pod}: ${image}`),
    ...(unread.length === 0 ? [] : ['Argo CD can make nothing of these:']),
    ...unread.map((line) => `  ${line}`),
  ].join('\n');
  const isKnown = withoutImage.every(({ image }) => lacking.includes(image));
  if (!isKnown || unread.length > 0) throw new CommandFailure(report);
  return report;
}

function isWaiting({ status }: PodObject): boolean {
  return status?.phase !== 'Succeeded' && !isReady(status);
}

function imagesMissing({ status }: PodObject): string[] {
  const all: readonly ContainerStatus[] = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ];
  const missing = all.filter(({ state }) => NO_IMAGE.has(state?.waiting?.reason ?? ''));
  return [...new Set(missing.map(({ image }) => image ?? 'an image without a name'))];
}
