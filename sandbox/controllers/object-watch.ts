/** The objects at one path of the Kubernetes API, kept up to date by a watch. */
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import type { Endpoint } from '../net/https-client';
import type { KubeObject } from '../cluster/kube-client';

export interface ObjectWatch {
  /** Undefined until the API has answered once. None where the API does not know the kind. */
  objects(): readonly KubeObject[] | undefined;
  stop(): Promise<void>;
}

interface ListedObject extends KubeObject {
  readonly metadata: KubeObject['metadata'] & { readonly uid: string; readonly resourceVersion: string };
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

/**
 * Lists and watches until it is stopped; when the API server goes away it asks again until one answers.
 *
 * @param path of a collection, with or without a query
 * @param changed called after every change of the objects
 */
export function watchObjects(endpoint: Endpoint, path: string, changed: () => void): ObjectWatch {
  const { host, port, serverName, ca, cert, key } = endpoint;
  const agent = new Agent({ keepAlive: true, ca, cert, key, ...(serverName && { servername: serverName }) });
  const stopping = new AbortController();
  const { signal } = stopping;
  let objects: Map<string, ListedObject> | undefined;

  const get = (query: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const fullPath = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
      const headers = { accept: 'application/json' };
      const outgoing = request({ agent, host, port, path: fullPath, headers, timeout: SILENCE_MS, signal }, resolve);
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${path}: nothing heard for too long`)));
      outgoing.on('error', reject);
      outgoing.end();
    });

  /** Undefined: the API does not know the kind (yet). */
  const list = async (): Promise<string | undefined> => {
    const answer = await get('');
    const text = await textOf(answer);
    if (answer.statusCode !== 200 && answer.statusCode !== 404) throw new Error(text);
    const { metadata, items } =
      answer.statusCode === 404 ? { metadata: undefined, items: [] } : (JSON.parse(text) as ObjectList);
    objects = new Map(items.map((item) => [item.metadata.uid, item]));
    changed();
    return metadata?.resourceVersion;
  };

  /** Until the server ends it. */
  const follow = async (from: string): Promise<void> => {
    const answer = await get(
      `watch=true&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${from}`,
    );
    if (answer.statusCode !== 200) throw new Error(await textOf(answer));
    for await (const line of linesOf(answer)) {
      const { type, object } = JSON.parse(line) as WatchEvent;
      if (type === 'ERROR') return void answer.destroy();
      if (type === 'BOOKMARK') continue;
      if (type === 'DELETED') objects?.delete(object.metadata.uid);
      else objects?.set(object.metadata.uid, object);
      changed();
    }
  };

  /** Lists anew after each watch: behind the same address there may be a server that was restored from a snapshot. */
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const version = await list();
        if (version !== undefined) await follow(version);
      } catch {
        // Nobody answers, or not as expected: asked again.
      }
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    objects: () => objects && [...objects.values()],
    async stop() {
      stopping.abort();
      await running;
      agent.destroy();
    },
  };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function* linesOf(answer: IncomingMessage): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const lines = `${rest}${chunk as string}`.split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}
