/** The objects of a collection of the Kubernetes API, kept up to date. */
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import { openHttp, type HttpRequest } from '../http';
import type { KubernetesObject } from './object';

interface ListedObject extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & { readonly uid: string; readonly resourceVersion: string };
}

interface ObjectList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly ListedObject[];
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: ListedObject;
}

/** Between a watch that ended and the next one, and between questions for a kind that does not exist. */
const PAUSE_MS = 500;
/** The server ends a watch after this time. */
const WATCH_SECONDS = 300;
/** Bookmarks come every minute: a connection that is silent for longer is dead. */
const SILENCE_MS = 90_000;

/** Lists and watches until it is stopped; when the API server goes away it asks again until one answers. */
export class ObjectWatch {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private known: Map<string, ListedObject> | undefined;

  /** @param request for the collection */
  constructor(
    private readonly request: HttpRequest,
    private readonly changed: () => void,
  ) {
    this.running = this.run();
  }

  /** Undefined until the API has answered once. None where the API does not know the kind. */
  objects(): readonly KubernetesObject[] | undefined {
    return this.known && [...this.known.values()];
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Lists anew after each watch: behind the same address there may be a server that was restored from a snapshot. */
  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const version = await this.list();
        if (version !== undefined) await this.follow(version);
      } catch {
        // Nobody answers, or not as expected: asked again.
      }
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns the version to watch from; undefined where the API does not know the kind (yet) */
  private async list(): Promise<string | undefined> {
    const answer = await this.open({});
    const content = await text(answer);
    if (answer.statusCode !== 200 && answer.statusCode !== 404) throw new Error(content);
    const found = answer.statusCode === 200 ? (JSON.parse(content) as ObjectList) : undefined;
    this.known = new Map(found?.items.map((item) => [item.metadata.uid, item]));
    this.changed();
    return found?.metadata.resourceVersion;
  }

  /** Returns when the server ends the watch. */
  private async follow(resourceVersion: string): Promise<void> {
    const bookmarks = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: `${WATCH_SECONDS}` };
    const answer = await this.open({ ...bookmarks, resourceVersion });
    if (answer.statusCode !== 200) throw new Error(await text(answer));
    for await (const line of linesOf(answer)) {
      const { type, object } = JSON.parse(line) as WatchEvent;
      if (type === 'ERROR') return void answer.destroy();
      if (type === 'BOOKMARK') continue;
      if (type === 'DELETED') this.known?.delete(object.metadata.uid);
      else this.known?.set(object.metadata.uid, object);
      this.changed();
    }
  }

  private open(query: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    const url = new URL(this.request.url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return openHttp({ ...this.request, url }, { signal: this.stopping.signal, timeout: SILENCE_MS });
  }
}

async function* linesOf(answer: IncomingMessage): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const lines = `${rest}${chunk as string}`.split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}
