/** Waits until Argo CD has brought all layers to what Git says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KubernetesFailure } from '#clients/kubernetes/failure';
import type { KubernetesClient } from '#clients/kubernetes/client';
import type { ApplicationObject } from '../status/api-objects';
import { describeBlocking } from '../status/describe';
import type { ManifestSearch } from '../status/manifest-search';
import type { Blocking, LayerStatus } from '../status/platform-status';
import { platformStatus } from '../status/read-status';
import { readSnapshot } from '../status/snapshot';
import { durationText } from '../output/duration';
import { layerChanges } from './layer-changes';
import { pendingRefreshes, requestRefresh } from './refresh';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly search: ManifestSearch;
  /** Gets a line per change. */
  readonly notify: (line: string) => void;
  /** Between two looks. Default: three seconds. */
  readonly pauseMs?: number;
  /** Whether Argo CD is asked to look at Git. Default: true. */
  readonly compare?: boolean;
  /** Until Argo CD is asked once more for what is not Healthy. Default: half a minute. */
  readonly askAgainMs?: number;
  /** Whether to end before the time, as waiting is of no use. Gets the milliseconds since a layer has changed. Default: never. */
  readonly isStuck?: (unchangedMs: number) => Promise<boolean>;
}

export interface WaitResult {
  /** The root application and every layer are Synced and Healthy. */
  readonly healthy: boolean;
  readonly seconds: number;
  readonly layers: readonly LayerStatus[];
  /** At the end, unless all are healthy. */
  readonly blocking?: Blocking;
}

const PAUSE_MS = 3000;
const REMINDER_MS = 30_000;
const ASK_AGAIN_MS = 30_000;

type Look = Pick<WaitResult, 'layers' | 'blocking'>;

/** Resolves at the time-out too. Throws only where waiting is of no use: a certificate that may not see the layers. */
export async function waitForLayers(client: KubernetesClient, options: WaitOptions): Promise<WaitResult> {
  const { timeoutMs, notify, pauseMs = PAUSE_MS, isStuck = () => Promise.resolve(false) } = options;
  const started = Date.now();
  const say = (line: string) => notify(`${durationText(Date.now() - started).padStart(5)}  ${line}`);
  const look = looker(client, options, say);
  const changes = layerChanges();
  for (let reminded = started, changed = started; ;) {
    const found = await look();
    const lines = changes.next(found.layers);
    lines.forEach(say);
    const passed = Date.now() - started;
    const seconds = Math.round(passed / 1000);
    if (found.blocking === undefined) return { healthy: true, seconds, layers: found.layers };
    if (passed + pauseMs > timeoutMs) return { healthy: false, seconds, ...found };
    if (lines.length > 0) reminded = changed = Date.now();
    if (await isStuck(Date.now() - changed)) return { healthy: false, seconds, ...found };
    if (Date.now() - reminded >= REMINDER_MS) {
      say(`still waiting for ${describeBlocking(found.blocking)}`);
      reminded = Date.now();
    }
    await sleep(pauseMs);
  }
}

/** Looks once. While the API does not answer, the layers are those of the last look. */
function looker(
  client: KubernetesClient,
  { search, compare = true, askAgainMs = ASK_AGAIN_MS }: Pick<WaitOptions, 'search' | 'compare' | 'askAgainMs'>,
  say: (line: string) => void,
): () => Promise<Look> {
  const compared = comparison(client, say, askAgainMs);
  let layers: readonly LayerStatus[] = [];
  let trouble = '';
  return async () => {
    try {
      const snapshot = await readSnapshot(client);
      if (snapshot.unseen.some((list) => list.startsWith('applications'))) throw mayNotSee(client.server);
      const status = platformStatus(snapshot, client.server, { search });
      const pending = compare ? await compared(snapshot.applications) : undefined;
      const blocking = status.blocking ?? pending;
      [layers, trouble] = [status.layers, ''];
      return { layers, ...(blocking && { blocking }) };
    } catch (error) {
      if (!(error instanceof KubernetesFailure) || error.status === 401 || error.status === 403) throw error;
      const [message = ''] = error.message.split('\n');
      if (message !== trouble) say(message);
      trouble = message;
      return { layers, blocking: { layer: 'cluster', message: error.message, failed: true } };
    }
  };
}

/**
 * The first look that sees Applications asks for a comparison. Later ones ask again for what is not Healthy: seen on a new cluster,
 * Argo CD learns of a chart's last objects only when it looks by itself, after three minutes.
 *
 * @returns what says undefined when there is nothing to wait for any more
 */
function comparison(
  client: KubernetesClient,
  say: (line: string) => void,
  askAgainMs: number,
): (applications: readonly ApplicationObject[]) => Promise<Blocking | undefined> {
  let requested: number | undefined;
  return async (applications) => {
    if (applications.length === 0) return undefined;
    if (requested !== undefined) {
      if (Date.now() - requested > askAgainMs) {
        requested = Date.now();
        await requestRefresh(client, applications.filter(isUnhealthy));
      }
      return notCompared(pendingRefreshes(applications));
    }
    const accepted = await requestRefresh(client, applications);
    requested = Date.now();
    if (accepted) return notCompared(applications.map(({ metadata }) => metadata.name));
    say(CANNOT_ASK);
    return undefined;
  };
}

function isUnhealthy({ status }: ApplicationObject): boolean {
  return status?.sync?.status !== 'Synced' || status.health?.status !== 'Healthy';
}

const CANNOT_ASK =
  'This certificate may not ask Argo CD to look at Git now: what was pushed in the last three minutes may not be seen yet.';

function mayNotSee(server: string): KubernetesFailure {
  return new KubernetesFailure(
    `This certificate may not see the layers at ${server}. Use the admin's (leave out --kubeconfig) or the operators'.`,
    { reason: 'forbidden', status: 403 },
  );
}

function notCompared([layer]: readonly string[]): Blocking | undefined {
  if (layer === undefined) return undefined;
  const message = 'Argo CD has not compared it with Git yet (kubectl get pods -n argocd shows whether it runs)';
  return { layer, message, failed: false };
}
