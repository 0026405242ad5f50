/** What a sandbox holds, as its closing table and `forge sandbox status` show it. */
import { existsSync } from 'node:fs';
import pc from 'picocolors';
import { daemonStatus, type DaemonStatus } from '#sandbox/daemon/daemon-process';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import type { ProvidersInUse } from '#sandbox/place/settings';
import type { RunningSandbox } from '#sandbox/place/running-sandbox';
import { authoritiesIn } from '#sandbox/docker/acme-server';
import { standIns, type StandIn } from '#sandbox/standins/stand-ins';
import { hostsOf, pagesOf, type Host } from '#config/hosts';
import { outputId } from '#stacks/contract';
import { STACKS, type StackName } from '#stacks/stack-names';
import { CommandFailure } from '#clients/failure';
import { KubernetesClient } from '#clients/kubernetes/client';
import { accessFromKubeconfig } from '#clients/kubernetes/kubeconfig';
import { HIDDEN } from '../secrets/secret-values';
import { objectsOf } from '../state/addresses';
import { withSession, type StateSession } from '../state/session';
import { readState } from '../state/state-file';
import { stateKeyOf } from '../state/stacks';
import { manifestSearch } from '../status/manifest-search';
import type { LayerStatus, NodeStatus } from '../status/platform-status';
import { textTable } from '../output/text-table';
import { readStatus } from '../status/read-status';

export interface SandboxSummary {
  readonly folder: string;
  readonly stacks: readonly StackSummary[];
  readonly nodes: readonly NodeStatus[];
  readonly layers: readonly LayerStatus[];
  readonly droplets: DaemonStatus['droplets'];
  readonly git: DaemonStatus['git'];
  /** URL of Argo CD's web page; undefined where its program has none. */
  readonly argocd: string | undefined;
  readonly providers: ProvidersInUse;
  /** Droplets are containers. */
  readonly real: boolean;
  /** Argo CD has its user `admin`: people do not log in as themselves. */
  readonly argocdAdmin: boolean;
  /** What takes the place of add-ons that cannot run here. */
  readonly standIns: readonly StandIn[];
  /** How a browser of this machine gets there; undefined where no page is to be had. */
  readonly web: WebAddresses | undefined;
  /** Files that are there: the stacks `network` and `cluster` lead to one each. */
  readonly kubeconfigs: { readonly admin?: string; readonly operators?: string };
}

interface WebAddresses {
  /** Public address of the entrance. */
  readonly entrance: string;
  /** All names that lead there. */
  readonly names: readonly string[];
  /** URLs by what is there. */
  readonly pages: Readonly<Record<string, string>>;
  /** File with the authorities that sign for them, PEM. */
  readonly authorities: string;
}

interface StackSummary {
  readonly stack: StackName;
  /** Managed resources; undefined before the first deploy. */
  readonly resources: number | undefined;
  /** Of the outputs, those that are not secret and fit on a line. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Reads it all: states as `forge state` does, nodes and layers as `forge status` does. */
export async function summarise(sandbox: RunningSandbox): Promise<SandboxSummary> {
  const stacks = await stackSummaries(sandbox);
  const { admin } = kubeconfigsIn(sandbox);
  const cluster = admin === undefined ? NO_CLUSTER : await readCluster(admin);
  const daemon = await daemonStatus(sandbox.folder);
  if (daemon === undefined) throw new CommandFailure('The sandbox has just ended.');
  return summaryOf(sandbox, { stacks, cluster, daemon });
}

interface Found {
  readonly stacks: readonly StackSummary[];
  readonly cluster: Pick<SandboxSummary, 'nodes' | 'layers'>;
  readonly daemon: Pick<DaemonStatus, 'droplets' | 'git' | 'argocd'>;
}

/** Before the stack `cluster` there is no Argo CD, and so no layer that could be missing. */
export function summaryOf(sandbox: RunningSandbox, { stacks, cluster, daemon }: Found): SandboxSummary {
  const layers = isDeployed(stacks, 'cluster') ? cluster.layers : [];
  const { droplets, git, argocd } = daemon;
  return {
    folder: sandbox.folder.path,
    stacks,
    nodes: cluster.nodes,
    layers,
    droplets,
    git,
    argocd,
    standIns: sandbox.settings.real === undefined ? standIns() : [],
    kubeconfigs: kubeconfigsIn(sandbox),
    real: sandbox.settings.real !== undefined,
    web: webAddresses(sandbox, stacks, layers),
    argocdAdmin: sandbox.config.login === undefined,
    providers: sandbox.settings.providers,
  };
}

function isDeployed(stacks: readonly StackSummary[], wanted: StackName): boolean {
  return stacks.some(({ stack, resources }) => stack === wanted && resources !== undefined);
}

function kubeconfigsIn(sandbox: RunningSandbox): SandboxSummary['kubeconfigs'] {
  const [admin, operators] = [kubeconfigFile(sandbox, 'admin'), kubeconfigFile(sandbox, 'operators')];
  return { ...(existsSync(admin) && { admin }), ...(existsSync(operators) && { operators }) };
}

const PAGE_NAMES: Readonly<Record<Host, string>> = {
  forge: 'Front page',
  gitea: 'Gitea',
  jenkins: 'Jenkins',
  argocd: 'Argo CD',
  login: 'Login',
};

/** Of real machines, once there are layers. */
function webAddresses(
  { folder, settings, config }: RunningSandbox,
  stacks: readonly StackSummary[],
  layers: readonly LayerStatus[],
): WebAddresses | undefined {
  const network = stacks.find(({ stack }) => stack === 'network');
  const entrance = network?.outputs[outputId('entranceAddress')];
  if (settings.real === undefined || layers.length === 0 || entrance === undefined) return undefined;
  const nameOf = (host: Host) => `${host}.${config.domain}`;
  return {
    entrance,
    names: hostsOf(config).map(nameOf),
    pages: Object.fromEntries(pagesOf(config).map((host) => [PAGE_NAMES[host], `https://${nameOf(host)}`])),
    authorities: authoritiesIn(folder.acme),
  };
}

const NO_CLUSTER = { nodes: [], layers: [] };

async function readCluster(kubeconfig: string): Promise<Pick<SandboxSummary, 'nodes' | 'layers'>> {
  const client = new KubernetesClient(accessFromKubeconfig(kubeconfig));
  try {
    return await readStatus(client, { search: manifestSearch(process.cwd()) });
  } catch {
    // Not up yet, or not any more: what there is of it stands under the machines.
    return NO_CLUSTER;
  } finally {
    client.close();
  }
}

export async function printSummary(sandbox: RunningSandbox): Promise<void> {
  console.log(`\n${describe(await summarise(sandbox))}`);
}

/** For people. */
export function describe(summary: SandboxSummary): string {
  const { stacks, nodes, layers, droplets, git, argocd, web, kubeconfigs } = summary;
  const stackRows = stacks.flatMap(({ stack, resources, outputs }) => [
    [stack, resources === undefined ? 'not deployed' : `${resources} resources`],
    ...Object.entries(outputs).map(([name, value]) => ['', `${name} = ${value}`]),
  ]);
  const nodeRows = nodes.map(({ name, ready, role, version }) => [name, ready ? 'Ready' : 'NotReady', role, version]);
  const layerRows = layers.map(({ name, sync, health, revision }) => [name, sync, health, revision?.slice(0, 7) ?? '']);
  const addresses = [
    ['Git, to clone and push', git.path],
    ...(argocd === undefined ? [] : [['Argo CD', argocd]]),
    ...Object.entries(web?.pages ?? {}),
    ...(web === undefined ? [] : [['their authority, to trust', web.authorities]]),
    ...Object.entries(kubeconfigs).map(([person, file]) => [`kubeconfig of the ${person}`, file]),
  ];
  const troubled = droplets
    .filter(({ state }) => state !== 'running')
    .map(({ name, state, reason }) => [name, state, reason ?? '']);
  return [
    section('Stacks', stackRows),
    section('Nodes', nodeRows),
    ...(layerRows.length > 0 || !summary.real ? [section('Layers', layerRows)] : []),
    section('Addresses', addresses),
    ...(troubled.length > 0 ? [section('Machines that are not nodes', troubled)] : []),
    section('How to go on', [
      ['eval "$(npx forge sandbox env)"', 'in this shell: cdktf, terraform, kubectl and forge use the sandbox'],
      ...(summary.real ? realGoOn(summary) : LAYERS_GO_ON),
      ['npx cdktf diff network', 'what a change in forge.yaml would do'],
      ['npx forge state list', 'what is in the state'],
      ['npx forge sandbox down', 'ends everything and leaves only what is cached'],
    ]),
    section('Terraform providers', [[summary.providers.note]]),
    ...(summary.real ? REAL_ENDS : quickEnds(summary)),
  ].join('\n');
}

const LAYERS_GO_ON = [
  ['npx forge status', 'nodes, layers, apps and certificates in detail'],
  ['npx forge sandbox tour', "the guide's day-2 operations, one after the other"],
  ['npx forge sandbox push', 'gives the cluster what you changed in k8s/, committed or not'],
];

function realGoOn({ web, argocdAdmin }: SandboxSummary): string[][] {
  if (web === undefined) return [];
  const secret = "secret argocd-initial-admin-secret -o jsonpath='{.data.password}' | base64 -d";
  const [gitea, jenkins] = ['gitea', 'jenkins'].map((app) => firstAdministrator(`${app}-admin-secret`));
  return [
    [`echo '${web.entrance} ${web.names.join(' ')}' | sudo tee -a /etc/hosts`, 'for a browser of this machine'],
    [gitea!, "Gitea's first administrator"],
    [jenkins!, "Jenkins' first administrator"],
    ['npx forge status', 'nodes, layers and what is wrong in detail'],
    ['npx forge sandbox push', 'gives the cluster what you changed in k8s/, committed or not'],
    ['kubectl -n argocd port-forward service/argocd-server 8080:80', "Argo CD's page, then at http://localhost:8080"],
    ...(argocdAdmin ? [[`kubectl -n argocd get ${secret}`, 'the password of its user admin']] : []),
  ];
}

function firstAdministrator(secret: string): string {
  const template = String.raw`{{.data.username | base64decode}} {{.data.password | base64decode}}{{"\n"}}`;
  return `kubectl -n rt get secret ${secret} -o go-template='${template}'`;
}

const REAL_ENDS = [
  section('What this cannot show', [
    ["The cloud, GitHub and Let's Encrypt are emulated, and the kernel is this machine's."],
  ]),
];

function quickEnds({ standIns }: SandboxSummary): string[] {
  return [
    section(
      'Stand-ins for charts',
      standIns.map(({ name, description }) => [name, description]),
    ),
    section('What this cannot show', [
      ['No container runs: pods become Ready by rule, and the cloud and GitHub are emulated.'],
    ]),
  ];
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return [pc.bold(title), ...textTable(rows).map((line) => `  ${line}`), ''].join('\n');
}

async function stackSummaries({ env }: RunningSandbox): Promise<StackSummary[]> {
  const summaries: StackSummary[] = [];
  const terminal = { env, write: () => undefined, notify: () => undefined, ask: undefined };
  await withSession(terminal, async (session) => {
    summaries.push(...(await Promise.all(STACKS.map((stack) => stackSummary(session, stack)))));
  });
  return summaries;
}

async function stackSummary({ spaces, config }: StateSession, stack: StackName): Promise<StackSummary> {
  const state = await readState(spaces, stateKeyOf(config, stack));
  if (state === undefined) return { stack, resources: undefined, outputs: {} };
  const short = Object.entries(state.outputs).flatMap(([name, { value, sensitive }]) => {
    const isShown = sensitive !== true && typeof value === 'string' && value !== HIDDEN && !value.includes('\n');
    return isShown ? [[name, value] as const] : [];
  });
  return {
    stack,
    resources: objectsOf(state).filter(({ resource }) => resource.mode !== 'data').length,
    outputs: Object.fromEntries(short),
  };
}
