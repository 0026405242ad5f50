/** Runs Argo CD's programs on this machine for as long as the cluster wants them: what its workloads say is what runs. */
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { processStarter, type ProcessStarter, type RunningProcess } from '../processes/process';
import { endLeftovers } from '../processes/process-record';
import { COMPONENTS, type ComponentName } from './components';
import { ARGOCD_PORT, componentProcesses, type ProcessesOptions } from './processes';
import { RepoServerDoor, type ServedRepository } from './repo-server-door';
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

export class ArgoCd {
  private readonly starter: ProcessStarter;
  private readonly notBefore = new Map<ComponentName, number>();
  private readonly stopFollowing: () => Promise<void>;
  private installation: Installation | undefined;
  /** Asked again and again: each new connection costs a handshake with certificates. */
  private asked: { readonly access: KubernetesAccess; readonly client: KubernetesClient } | undefined;

  private constructor(
    private readonly options: ArgoCdOptions,
    private readonly door: RepoServerDoor,
  ) {
    this.starter = processStarter(options.folder);
    this.stopFollowing = everyNow(() => this.step(), options.log);
  }

  /** Its programs start as soon as the cluster wants them. */
  static async start(options: ArgoCdOptions): Promise<ArgoCd> {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    await endLeftovers(options.folder);
    return new ArgoCd(options, await RepoServerDoor.open(options.repository));
  }

  /** URL of the web page; undefined while the server does not run, and where the program was built without the page. */
  async webPage(): Promise<string | undefined> {
    const url = `http://${this.options.address}:${ARGOCD_PORT}`;
    return this.installation?.running.has('argocd-server') && (await hasWebPage(url)) ? url : undefined;
  }

  async stop(): Promise<void> {
    await this.stopFollowing();
    this.asked?.client.close();
    await this.uninstall();
    await this.door.stop();
  }

  private async step(): Promise<void> {
    const api = await this.options.administrator();
    const wanted = api && (await wantedComponents(this.clientOf(api)));
    if (api === undefined || wanted === undefined || wanted.size === 0) return this.uninstall();
    if (this.installation?.server !== api.server) {
      await this.uninstall();
      const processOf = await componentProcesses({ ...this.options, api, door: this.door });
      this.installation = { server: api.server, processOf, running: new Map() };
    }
    await this.follow(this.installation, wanted);
  }

  private clientOf(access: KubernetesAccess): KubernetesClient {
    if (this.asked?.access !== access) {
      this.asked?.client.close();
      this.asked = { access, client: new KubernetesClient(access) };
    }
    return this.asked.client;
  }

  private async follow(installation: Installation, wanted: WantedComponents): Promise<void> {
    for (const name of COMPONENTS) {
      const [running, settings] = [installation.running.get(name), wanted.get(name)];
      if (running !== undefined && !isDeepStrictEqual(running.settings, settings)) {
        installation.running.delete(name);
        await running.process.stop();
      }
      const isDue = Date.now() >= (this.notBefore.get(name) ?? 0);
      if (settings !== undefined && !installation.running.has(name) && isDue) this.run(installation, name, settings);
    }
  }

  private run({ processOf, running }: Installation, name: ComponentName, settings: ComponentSettings): void {
    const process = this.starter.start(processOf(name, settings));
    running.set(name, { process, settings });
    void process.ended.then(({ description }) => {
      // Otherwise its end was wanted.
      if (running.get(name)?.process !== process) return;
      running.delete(name);
      this.notBefore.set(name, Date.now() + PAUSE_MS);
      this.options.log(description);
    });
  }

  private async uninstall(): Promise<void> {
    const running = [...(this.installation?.running.values() ?? [])];
    this.installation?.running.clear();
    this.installation = undefined;
    await Promise.all(running.map(({ process }) => process.stop()));
  }
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
