/** The steps of `forge sandbox up`, as a person sees them. */
import type { ListrTask } from 'listr2';
import { k3sRelease } from '#config/k3s-releases';
import { CommandFailure } from '#clients/failure';
import { loadConfig } from '#config/load';
import { daemonStatus } from '#sandbox/daemon/daemon-process';
import { personsEngineAnswers } from '#sandbox/docker/engine';
import { ensureK3s } from '#sandbox/docker/k3s-file';
import { prepareMachineImage } from '#sandbox/docker/machine-image';
import { findPodImages, imageFolders, type PodImages } from '#sandbox/docker/pod-images';
import { requireHost, thisHost } from '#sandbox/docker/requirements';
import { kubernetesNodesReady } from '#sandbox/kubernetes-nodes';
import type { SandboxFolder } from '#sandbox/place/folder';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import { isChartMirrored } from '#sandbox/place/mirror';
import type { RunningSandbox } from '#sandbox/place/running-sandbox';
import { readSettings, type ProvidersInUse } from '#sandbox/place/settings';
import { argoCdChartsAnswer, chooseProviders, type ProviderChoice } from '#sandbox/providers';
import { ensureRealSandboxTools, ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { deployStacks, hasRepository, nodesReady, publishCheckout, startSandbox, type UpOptions } from '#sandbox/up';
import { IN_CLUSTER, STACKS, type StackName } from '#stacks/stack-names';
import { makeBuckets } from '../bootstrap/bootstrap';
import { interruptible } from '../output/interruptible';
import type { Terminal } from '../output/terminal';
import { removeOwnLocks } from '../state/unlock';
import { waitUntilHealthy } from '../wait/command';
import { realLayers as applyRealLayers, type LayersEnd } from './real-layers';

const LOG_INTERVAL_MS = 10_000;
const LAYERS_LIMIT_MS = 300_000;
/** Between two looks: the API is on this machine. */
const LAYERS_PAUSE_MS = 300;
let lastShown = 0;

/** On a terminal the line below a task changes with every event; a log gets one now and then. */
function show(task: { output: string }, line: string): void {
  const now = Date.now();
  if (!process.stdout.isTTY && now - lastShown < LOG_INTERVAL_MS) return;
  lastShown = now;
  task.output = line.trim();
}

/** What the steps hand on. */
export interface UpContext {
  tools: Record<'terraform', string>;
  providers: ProvidersInUse;
  sandbox: RunningSandbox;
  /** Whether its background process was not there before. */
  isStarted: boolean;
  /** Of the real sandbox only. */
  podImages?: PodImages;
  layersEnd?: LayersEnd;
}

type Task = ListrTask<UpContext>;

/** In one call, because each takes seconds to start. @param failure ends it, as Ctrl-C does */
export function deploy(stacks: readonly StackName[], failure?: AbortSignal): Task {
  return {
    title: `cdktf deploy ${stacks.join(' ')}`,
    task: ({ sandbox }, task) =>
      interruptible(async (interruption) => {
        const progress = (line: string) => show(task, line);
        const signal = AbortSignal.any([interruption, ...(failure === undefined ? [] : [failure])]);
        try {
          await deployStacks(sandbox, stacks, progress, { isSynthesised: true, signal });
        } catch (error) {
          if (!signal.aborted) throw error;
          await removeOwnLocks(quiet(sandbox, progress), stacks);
          throw new CommandFailure('ended, because a machine failed', { cause: error });
        }
      }),
  };
}

/** What a command says in the line below its task. */
function quiet({ env }: RunningSandbox, notify: (line: string) => void): Terminal {
  return { env, write: notify, notify, ask: undefined };
}

/**
 * Beside the machines' boot. `cluster` would wait ten minutes for an API where only a machine knows why there is none. In a sandbox
 * that runs already, one after the other: the deploy may be what makes a failed machine anew.
 */
export function deployAll(folder: SandboxFolder): Task {
  const failure = new AbortController();
  const ending = ({ title, task }: Task): Task => ({
    title,
    task: async (context, wrapper) => {
      try {
        await task(context, wrapper);
      } catch (error) {
        failure.abort();
        throw error;
      }
    },
  });
  const beside = together(ending(machines(folder, failure.signal)), ending(deploy(STACKS, failure.signal)));
  const inTurn = [deploy(['network']), machines(folder), deploy(IN_CLUSTER)];
  return {
    task: (context, task) => task.newListr(context.isStarted ? [beside] : inTurn),
  };
}

/** At the same time. The first that fails is what a person sees. */
function together(...tasks: Task[]): Task {
  return { task: (_, task) => task.newListr(tasks, { concurrent: true }) };
}

/** All that Argo CD brings. */
export function layers(): Task {
  return {
    title: 'Layers, applied by Argo CD',
    task: ({ sandbox }, task) =>
      waitUntilHealthy(
        quiet(sandbox, (line) => show(task, line)),
        {
          kubeconfig: kubeconfigFile(sandbox, 'admin'),
          timeout: LAYERS_LIMIT_MS,
          pauseMs: LAYERS_PAUSE_MS,
          compare: false,
        },
      ),
  };
}

/** What Argo CD brings to real machines, unless there is nothing to make pods of. */
export function realLayers(): Task[] {
  const applied: Task = {
    title: 'Layers, applied by Argo CD',
    task: async (context, task) => {
      context.layersEnd = await applyRealLayers(context.sandbox, context.isStarted, (line) => show(task, line));
      const { layers } = context.layersEnd;
      if (layers.length > 0) task.title += `, but ${layers.join(', ')}: pods have no image`;
    },
  };
  return [deploy(IN_CLUSTER), applied].map((task) => ({
    ...task,
    skip: ({ podImages }) => podImages?.refusal !== undefined,
  }));
}

/** The machines' k3s is ready; its nodes are some seconds later. */
export function realNodes(): Task {
  return {
    title: 'Nodes are Ready',
    task: ({ sandbox }, task) => kubernetesNodesReady(sandbox, (line) => show(task, line)),
  };
}

/** What the containers need before anything of them is there. */
export function realMachines(folder: SandboxFolder, { configFile, servers, mirror }: UpOptions): Task[] {
  const { kubernetes, ...config } = loadConfig(configFile);
  return [
    {
      title: 'What this machine must have',
      skip: () => readSettings(folder) !== undefined,
      task: async () => {
        const count = servers ?? config.servers.count;
        requireHost(await thisHost(folder.path), { ...config, servers: { ...config.servers, count } });
      },
    },
    {
      title: `k3s ${kubernetes.version}`,
      task: (_, task) =>
        ensureK3s({ release: k3sRelease(kubernetes.version), mirror, progress: (line) => show(task, line) }).then(
          () => undefined,
        ),
    },
    { title: 'Image of the machines', task: (_, task) => prepareMachineImage((line) => show(task, line)) },
    {
      title: 'Images of the pods',
      task: async (context, task) => {
        const hasCharts = isChartMirrored(mirror, 'argo-cd') || (await argoCdChartsAnswer());
        const folders = imageFolders(mirror);
        context.podImages = await findPodImages({ folders, hasCharts, hasInternet: personsEngineAnswers() });
        const { note, refusal } = context.podImages;
        task.title = `Images of the pods: ${refusal === undefined ? note : `${refusal}. It ends with Ready nodes`}`;
      },
    },
  ];
}

export function tools(isReal: boolean): Task {
  const ensure = isReal ? ensureRealSandboxTools : ensureSandboxTools;
  return {
    title: isReal ? 'Tools' : 'Tools of the control plane',
    task: async (context, task) => {
      context.tools = await ensure((line) => show(task, line));
    },
  };
}

export function providers(folder: SandboxFolder, choice: ProviderChoice): Task {
  return {
    title: 'Terraform providers',
    task: async (context, task) => {
      const { terraform } = context.tools;
      const progress = (line: string) => show(task, line);
      context.providers = await chooseProviders(folder, { choice, env: process.env, terraform, progress });
      task.title = `Terraform providers: ${context.providers.note}`;
    },
  };
}

/** The emulated cloud, with the checkout in its repository and the buckets that the stacks need. */
export function cloud(folder: SandboxFolder, options: UpOptions): Task[] {
  return [
    {
      title: 'Emulated cloud, and the stacks synthesised for it',
      task: async (context) => {
        context.isStarted = (await daemonStatus(folder)) === undefined;
        context.sandbox = await startSandbox(folder, { ...options, providers: context.providers, synthesise: true });
      },
    },
    together(repository(folder), BUCKET),
  ];
}

function repository(folder: SandboxFolder): Task {
  return {
    title: 'Git repository with this working tree',
    skip: () => hasRepository(folder),
    task: async (_, task) => {
      for (const line of await publishCheckout(folder)) show(task, line);
    },
  };
}

const BUCKET: Task = {
  title: 'Bucket for the Terraform state',
  task: async ({ sandbox }, task) => {
    await makeBuckets(quiet(sandbox, (line) => show(task, line)));
  },
};

/** The stacks after it only see that the API does not answer; here a machine says why. @param signal ends it */
export function machines(folder: SandboxFolder, signal?: AbortSignal): Task {
  return { title: 'Nodes', task: (_, task) => nodesReady(folder, (line) => show(task, line), signal) };
}
