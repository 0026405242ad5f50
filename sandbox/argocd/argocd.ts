/** Runs Argo CD's programs on this machine for as long as the cluster wants them: what its workloads say is what runs. */
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { processStarter, type RunningProcess } from '../processes/process';
import { endLeftovers } from '../processes/process-record';
import { ARGOCD_NAMESPACE, COMPONENTS, type ComponentName } from './components';
import { parameterVariables } from './process-settings';
import { ARGOCD_PORT, componentProcesses, type ProcessesOptions } from './processes';

export interface ArgoCdOptions {
  readonly folder: string;
  readonly tools: ProcessesOptions['tools'];
  /** Of the sandbox. */
  readonly address: string;
  /** How to reach the cluster at the moment. */
  readonly administrator: () => Promise<KubernetesAccess | undefined>;
  readonly log: (line: string) => void;
}

export interface ArgoCd {
  /** URL of the web page; undefined while the server does not run, and where the program was built without the page. */
  webPage(): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** The programs of one installation, in one cluster. */
interface Installation {
  /** What they were started for: other settings or another cluster need others. */
  readonly key: string;
  readonly processes: Awaited<ReturnType<typeof componentProcesses>>;
  readonly running: Map<ComponentName, RunningProcess>;
}

interface Wanted {
  readonly parameters: Readonly<Record<string, string>>;
  readonly components: ReadonlySet<string>;
}

const POLL_MS = 500;
/** A program that ends by itself is started again after this time. */
const PAUSE_MS = 2000;

export async function startArgoCd(options: ArgoCdOptions): Promise<ArgoCd> {
  const { folder, log } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await endLeftovers(folder);
  const starter = processStarter(folder);
  const notBefore = new Map<ComponentName, number>();
  let installation: Installation | undefined;

  const uninstall = async () => {
    const running = [...(installation?.running.values() ?? [])];
    installation?.running.clear();
    installation = undefined;
    await Promise.all(running.map((process) => process.stop()));
  };
  const start = ({ processes, running }: Installation, name: ComponentName) => {
    const process = starter.start(processes[name]);
    running.set(name, process);
    void process.ended.then(({ description }) => {
      // Otherwise its end was wanted.
      if (running.get(name) !== process) return;
      running.delete(name);
      notBefore.set(name, Date.now() + PAUSE_MS);
      log(description);
    });
  };
  const follow = async (current: Installation, { components }: Wanted) => {
    for (const { name } of COMPONENTS) {
      const process = current.running.get(name);
      if (components.has(name)) {
        if (process === undefined && Date.now() >= (notBefore.get(name) ?? 0)) start(current, name);
      } else if (process !== undefined) {
        current.running.delete(name);
        await process.stop();
      }
    }
  };
  const step = async () => {
    const api = await options.administrator();
    const wanted = api && (await wantedBy(api));
    if (api === undefined || wanted === undefined) return uninstall();
    const key = JSON.stringify([api.server, wanted.parameters]);
    if (installation?.key !== key) {
      await uninstall();
      const variables = parameterVariables(wanted.parameters);
      const processes = await componentProcesses({ ...options, api, variables });
      installation = { key, processes, running: new Map() };
    }
    await follow(installation, wanted);
  };
  const stopFollowing = everyNow(step, log);
  return {
    webPage: async () => {
      const url = `http://${options.address}:${ARGOCD_PORT}`;
      return installation?.running.has('argocd-server') && (await hasWebPage(url)) ? url : undefined;
    },
    async stop() {
      await stopFollowing();
      await uninstall();
    },
  };
}

/** Only the vendor's program has the page; one built from its Go module shows an empty folder. */
async function hasWebPage(url: string): Promise<boolean> {
  const page = await fetch(url).then(
    (answer) => answer.text(),
    () => '',
  );
  return page.includes('<title>Argo CD</title>');
}

/** @returns ends it, and waits for the step that is under way */
function everyNow(step: () => Promise<void>, log: (line: string) => void): () => Promise<void> {
  let stopped = false;
  let complaint = '';
  const loop = (async () => {
    while (!stopped) {
      await step().catch(({ message }: Error) => {
        if (message !== complaint) log(`Argo CD: ${message}`);
        complaint = message;
      });
      await sleep(POLL_MS);
    }
  })();
  return () => {
    stopped = true;
    return loop;
  };
}

interface Workload {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas?: number };
}

/** Undefined when the release is not installed. */
async function wantedBy(api: KubernetesAccess): Promise<Wanted | undefined> {
  const client = new KubernetesClient(api);
  try {
    const parameters = await client.get<{ data?: Record<string, string> }>(
      `/api/v1/namespaces/${ARGOCD_NAMESPACE}/configmaps/argocd-cmd-params-cm`,
    );
    if (parameters === undefined) return undefined;
    const kinds = ['deployments', 'statefulsets'];
    const lists = await Promise.all(
      kinds.map((kind) => client.list<Workload>(`/apis/apps/v1/namespaces/${ARGOCD_NAMESPACE}/${kind}`)),
    );
    const names = lists.flat().flatMap(({ metadata, spec }) => ((spec.replicas ?? 1) > 0 ? [metadata.name] : []));
    return { parameters: parameters.data ?? {}, components: new Set(names) };
  } finally {
    client.close();
  }
}
