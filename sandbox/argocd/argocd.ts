/** Runs Argo CD's programs on this machine for as long as the cluster wants them: what its workloads say is what runs. */
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { processStarter, type RunningProcess } from '../processes/process';
import { endLeftovers } from '../processes/process-record';
import { COMPONENTS, type ComponentName } from './components';
import { ARGOCD_PORT, componentProcesses, type ProcessesOptions } from './processes';
import { openRepoServerDoor, type ServedRepository } from './repo-server-door';
import { wantedComponents, type ComponentSettings, type WantedComponents } from './workload-settings';

export interface ArgoCdOptions {
  readonly folder: string;
  readonly tools: ProcessesOptions['tools'];
  /** Of the sandbox. */
  readonly address: string;
  /** How to reach the cluster at the moment. */
  readonly administrator: () => Promise<KubernetesAccess | undefined>;
  /** That of forge.yaml. */
  readonly repository: ServedRepository;
  readonly log: (line: string) => void;
}

export interface ArgoCd {
  /** URL of the web page; undefined while the server does not run, and where the program was built without the page. */
  webPage(): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** The programs in one cluster. */
interface Installation {
  /** Where its API is: another one needs other programs. */
  readonly server: string;
  readonly processOf: Awaited<ReturnType<typeof componentProcesses>>;
  readonly running: Map<ComponentName, Running>;
}

interface Running {
  readonly process: RunningProcess;
  readonly settings: ComponentSettings;
}

const POLL_MS = 500;
/** A program that ends by itself is started again after this time. */
const PAUSE_MS = 2000;

export async function startArgoCd(options: ArgoCdOptions): Promise<ArgoCd> {
  const { folder, log } = options;
  const door = await openRepoServerDoor(options.repository);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await endLeftovers(folder);
  const starter = processStarter(folder);
  const notBefore = new Map<ComponentName, number>();
  let installation: Installation | undefined;

  const uninstall = async () => {
    const running = [...(installation?.running.values() ?? [])];
    installation?.running.clear();
    installation = undefined;
    await Promise.all(running.map(({ process }) => process.stop()));
  };
  const start = ({ processOf, running }: Installation, name: ComponentName, settings: ComponentSettings) => {
    const process = starter.start(processOf(name, settings));
    running.set(name, { process, settings });
    void process.ended.then(({ description }) => {
      // Otherwise its end was wanted.
      if (running.get(name)?.process !== process) return;
      running.delete(name);
      notBefore.set(name, Date.now() + PAUSE_MS);
      log(description);
    });
  };
  const follow = async (current: Installation, wanted: WantedComponents) => {
    for (const name of COMPONENTS) {
      const [running, settings] = [current.running.get(name), wanted.get(name)];
      if (running !== undefined && !isDeepStrictEqual(running.settings, settings)) {
        current.running.delete(name);
        await running.process.stop();
      }
      const isDue = Date.now() >= (notBefore.get(name) ?? 0);
      if (settings !== undefined && !current.running.has(name) && isDue) start(current, name, settings);
    }
  };
  const step = async () => {
    const api = await options.administrator();
    const wanted = api && (await wantedBy(api));
    if (api === undefined || wanted === undefined || wanted.size === 0) return uninstall();
    if (installation?.server !== api.server) {
      await uninstall();
      const processOf = await componentProcesses({ ...options, api, door });
      installation = { server: api.server, processOf, running: new Map() };
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
      await door.stop();
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

async function wantedBy(api: KubernetesAccess): Promise<WantedComponents> {
  const client = new KubernetesClient(api);
  try {
    return await wantedComponents(client);
  } finally {
    client.close();
  }
}
