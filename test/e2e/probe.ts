/** Two small applications in a cluster, and everything that happens to them, their endpoints and the nodes meanwhile. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestSandbox } from './harness';

/** One change, as the API server tells a watch of it. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: any;
}

/** What became of the applications. */
export interface Story {
  /** Pods that had to go before a new node was Ready. */
  readonly goneTooEarly: readonly string[];
  /** Pods for which there was no node. */
  readonly withoutNode: readonly string[];
  /** The smallest number of Ready endpoints that `pair` ever had. */
  readonly fewestOfPair: number;
}

export interface Probe {
  /** Ends the watches. @param newNode in the names of the nodes that are new */
  end(newNode: string): Promise<Story>;
}

const NAMESPACE = 'probe';
const WATCHED = [
  '/api/v1/nodes',
  `/api/v1/namespaces/${NAMESPACE}/pods`,
  `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`,
];

/** `pair` has two replicas, of which a budget wants one; `single` has one. Each pod takes a second to be Ready. */
export async function startProbe(test: TestSandbox): Promise<Probe> {
  const file = join(test.folder, 'probe.json');
  const apps = [...app('pair', 2), ...app('single', 1)];
  const objects = [object('v1', 'Namespace', NAMESPACE, {}), ...apps, budget('pair')];
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  const { code, text } = await test.kubectl('admin', ['apply', '-f', file]);
  if (code !== 0) throw new Error(text);
  while ((await test.list('pods', NAMESPACE)).filter(isReady).length < 3) await sleep(100);

  const watches = WATCHED.map((path) => test.beginKubectl(['get', '--raw', `${path}?watch=true`]));
  const outputs = watches.map(read);
  await Promise.all(watches.map(({ stdout }) => once(stdout!, 'data')));
  return {
    end: async (newNode) => {
      for (const watch of watches) watch.kill();
      const lines = (await Promise.all(outputs)).join('').split('\n').filter(Boolean);
      // Revisions are the whole cluster's.
      const changes = lines
        .map((line) => JSON.parse(line) as Change)
        .sort((one, other) => revision(one) - revision(other));
      return tell(changes, newNode);
    },
  };
}

function tell(changes: readonly Change[], newNode: string): Story {
  const of = (kind: string) => changes.filter(({ object }) => object.kind === kind);
  const names = (some: readonly Change[]) => [...new Set(some.map(({ object }) => object.metadata.name as string))];
  const ready = of('Node').find(({ object }) => object.metadata.name.includes(newNode) && isReady(object));
  const going = of('Pod').filter(({ type, object }) => type === 'DELETED' || object.metadata.deletionTimestamp);
  const reasons = ({ object }: Change) => (object.status.conditions ?? []).map(({ reason }: any) => reason);
  return {
    goneTooEarly: names(going.filter((change) => ready === undefined || revision(change) < revision(ready))),
    withoutNode: names(of('Pod').filter((change) => reasons(change).includes('Unschedulable'))),
    fewestOfPair: Math.min(...readyEndpoints(of('EndpointSlice'), 'pair')),
  };
}

function isReady({ status }: any): boolean {
  return status.conditions?.some(({ type, status }: any) => type === 'Ready' && status === 'True') ?? false;
}

/** How many endpoints of a Service are Ready, after each change of them. */
function readyEndpoints(changes: readonly Change[], service: string): number[] {
  const slices = new Map<string, number>();
  const ofService = changes.filter(({ object: { metadata } }) => {
    return metadata.labels['kubernetes.io/service-name'] === service;
  });
  return ofService.map(({ type, object: { metadata, endpoints } }) => {
    const ready = (endpoints ?? []).filter(({ conditions }: any) => conditions.ready).length;
    slices.set(metadata.name, type === 'DELETED' ? 0 : ready);
    return [...slices.values()].reduce((sum, count) => sum + count, 0);
  });
}

function revision({ object: { metadata } }: Change): number {
  return Number(metadata.resourceVersion);
}

async function read({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  stdout!.on('data', (data: Buffer) => (text += data.toString()));
  await once(stdout!, 'close');
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

function object(apiVersion: string, kind: string, name: string, content: object): object {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...content };
}

function app(name: string, replicas: number): object[] {
  const labels = { app: name };
  const annotations = { 'forge.sandbox/fault': 'slow-start', 'forge.sandbox/fault-after': '1s' };
  const template = {
    metadata: { labels, annotations },
    spec: { containers: [{ name: 'main', image: 'registry.example/app:1.0' }] },
  };
  return [
    object('apps/v1', 'Deployment', name, { spec: { replicas, selector: { matchLabels: labels }, template } }),
    object('v1', 'Service', name, { spec: { selector: labels, ports: [{ port: 80 }] } }),
  ];
}

function budget(name: string): object {
  return object('policy/v1', 'PodDisruptionBudget', name, {
    spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
  });
}
