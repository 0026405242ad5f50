import { Listr, PRESET_TIMER, type ListrTask } from 'listr2';
import { configFile } from '#config/environment';
import { k3sRelease } from '#config/k3s-releases';
import { loadConfig } from '#config/load';
import { ensureK3s } from '#sandbox/docker/k3s-file';
import { prepareMachineImage } from '#sandbox/docker/machine-image';
import { requireHost, thisHost } from '#sandbox/docker/requirements';
import type { SandboxFolder } from '#sandbox/place/folder';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import type { RunningSandbox } from '#sandbox/place/running-sandbox';
import { readSettings, type ProvidersInUse } from '#sandbox/place/settings';
import { chooseProviders, mirrorFolder, type ProviderChoice } from '#sandbox/providers';
import { ensureRealSandboxTools, ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { kubernetesNodesReady } from '#sandbox/kubernetes-nodes';
import { deployStack, hasRepository, nodesReady, publishCheckout, startSandbox, type UpOptions } from '#sandbox/up';
import type { StackName } from '#stacks/stack-names';
import { makeBuckets } from '../bootstrap/bootstrap';
import { waitUntilHealthy } from '../wait/command';
import { printSummary } from './summary';

export interface UpCommandOptions {
  readonly real?: boolean;
  readonly servers?: 1 | 3;
  readonly config?: string;
  readonly providers: ProviderChoice;
}

const LOG_INTERVAL_MS = 10_000;
const LAYERS_LIMIT_MS = 300_000;
let lastShown = 0;

/** On a terminal the line below a task changes with every event; a log gets one now and then. */
function show(task: { output: string }, line: string): void {
  const now = Date.now();
  if (!process.stdout.isTTY && now - lastShown < LOG_INTERVAL_MS) return;
  lastShown = now;
  task.output = line.trim();
}

interface Context {
  tools: Record<'terraform', string>;
  providers: ProvidersInUse;
  sandbox: RunningSandbox;
}

function deploy(stack: StackName): ListrTask<Context> {
  return {
    title: `cdktf deploy ${stack}`,
    task: ({ sandbox }, task) =>
      deployStack(sandbox, stack, (line) => {
        show(task, line);
      }),
  };
}

/** All that Argo CD brings. */
function layers(): ListrTask<Context>[] {
  return [
    deploy('cluster'),
    deploy('github-secrets'),
    {
      title: 'Layers, applied by Argo CD',
      task: ({ sandbox }, task) =>
        waitUntilHealthy(
          { env: sandbox.env, write: () => undefined, notify: (line) => show(task, line), ask: undefined },
          { kubeconfig: kubeconfigFile(sandbox, 'admin'), timeout: LAYERS_LIMIT_MS },
        ),
    },
  ];
}

/** The machines' k3s is ready; its nodes are some seconds later. */
function realNodes(): ListrTask<Context> {
  return {
    title: 'Nodes are Ready',
    task: ({ sandbox }, task) => kubernetesNodesReady(sandbox, (line) => show(task, line)),
  };
}

/** What the containers need before anything of them is there. */
function realMachines(folder: SandboxFolder, { configFile, servers, mirror }: UpOptions): ListrTask<Context>[] {
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
  ];
}

/** Brings the sandbox up, with progress, and ends with what it holds. */
export async function up(
  folder: SandboxFolder,
  { servers, config, providers: choice, real: wanted }: UpCommandOptions,
): Promise<void> {
  const isReal = wanted === true || readSettings(folder)?.real !== undefined;
  const mirror = mirrorFolder(process.env);
  const options = {
    configFile: config ?? configFile(process.env),
    real: wanted === true,
    ...(servers !== undefined && { servers }),
    ...(mirror !== undefined && { mirror }),
  };
  const tasks = new Listr<Context>(
    [
      ...(isReal ? realMachines(folder, options) : []),
      {
        title: isReal ? 'Tools' : 'Tools of the control plane',
        task: async (context, task) => {
          const ensure = isReal ? ensureRealSandboxTools : ensureSandboxTools;
          context.tools = await ensure((line) => {
            show(task, line);
          });
        },
      },
      {
        title: 'Terraform providers',
        task: async (context, task) => {
          const progress = (line: string) => {
            show(task, line);
          };
          const { terraform } = context.tools;
          context.providers = await chooseProviders(folder, { choice, env: process.env, terraform, progress });
          task.title = `Terraform providers: ${context.providers.note}`;
        },
      },
      {
        title: 'Emulated cloud',
        task: async (context) => {
          context.sandbox = await startSandbox(folder, { ...options, providers: context.providers });
        },
      },
      {
        title: 'Git repository with this working tree',
        skip: () => hasRepository(folder),
        task: async (_, task) => {
          for (const line of await publishCheckout(folder)) show(task, line);
        },
      },
      {
        title: 'Bucket for the Terraform state',
        task: async ({ sandbox }, task) => {
          const write = (line: string) => {
            show(task, line);
          };
          await makeBuckets({ env: sandbox.env, write, notify: write, ask: undefined });
        },
      },
      deploy('network'),
      // The stacks after it only see that the API does not answer; here a machine says why.
      {
        title: 'Nodes',
        task: (_, task) =>
          nodesReady(folder, (line) => {
            show(task, line);
          }),
      },
      ...(isReal ? [realNodes()] : layers()),
    ],
    { rendererOptions: { timer: PRESET_TIMER }, fallbackRendererOptions: { timer: PRESET_TIMER } },
  );
  const { sandbox } = await tasks.run();
  await printSummary(sandbox);
}
