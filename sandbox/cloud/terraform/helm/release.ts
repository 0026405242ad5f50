import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { flag, number, optionalText, text } from '../attributes';
import { chartArguments } from './chart';
import type { HelmProgram } from './helm-program';
import { cloaked, releaseValues, type Values } from './release-values';

interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  readonly appVersion?: string;
}

/** What `helm status` tells. */
interface ReleaseStatus {
  readonly name: string;
  readonly namespace: string;
  /** Revision. */
  readonly version: number;
  /** Values that were given. */
  readonly config?: Values;
  readonly info: {
    readonly status: string;
    readonly first_deployed: string;
    readonly last_deployed: string;
    readonly notes?: string;
  };
}

/** What `helm install` and `helm upgrade` tell. */
interface DeployedRelease extends ReleaseStatus {
  readonly chart: { readonly metadata: ChartMetadata };
}

const IN_USE = 'cannot re-use a name that is still in use';

/** helm_release: what helm itself installs, upgrades and uninstalls. */
export const release: ResourceType<HelmProgram> = {
  arguments: [
    ...['name', 'namespace', 'create_namespace', 'repository', 'chart', 'version', 'values', 'set_sensitive'],
    ...['wait', 'atomic', 'timeout'],
  ],
  forceNew: ['name', 'namespace'],
  defaults: {
    atomic: false,
    cleanup_on_fail: false,
    create_namespace: false,
    dependency_update: false,
    disable_crd_hooks: false,
    disable_openapi_validation: false,
    disable_webhooks: false,
    force_update: false,
    lint: false,
    max_history: 0,
    namespace: 'default',
    pass_credentials: false,
    recreate_pods: false,
    render_subchart_notes: true,
    replace: false,
    reset_values: false,
    reuse_values: false,
    skip_crds: false,
    take_ownership: false,
    timeout: 300,
    upgrade_install: false,
    verify: false,
    wait: true,
    wait_for_jobs: false,
  },
  changesOnUpdate: ['metadata', 'id'],
  customizePlan: ({ config, prior, planned }) => {
    // Whatever became of it the last time.
    planned['status'] = 'deployed';
    if (prior === null)
      Object.assign(planned, { description: config['description'] ?? null, manifest: null, resources: null });
  },
  // The official provider's ModifyPlan finds the chart; a destroy plans first, and so cannot do without either.
  lookBeforePlan: async ({ client, planned, signal }) => {
    if (optionalText(planned, 'repository') !== undefined)
      await client.run(['show', 'chart', ...chartArguments(planned)], signal);
  },
  create: async ({ client, planned, signal }) => {
    const install = () => deploy(client, 'install', planned, signal);
    return install().catch(async (error: unknown) => {
      if (!(error instanceof ProviderError && error.summary.includes(IN_USE))) throw error;
      const { namespace, info } = (await statusOf(client, planned, signal))!;
      if (info.status === 'deployed') throw new ProviderError(IN_USE, `${namespace}/${text(planned, 'name')}`);
      // What a failed or interrupted try left.
      await client.run(['uninstall', ...nameOf(planned)], signal);
      return install();
    });
  },
  read: async ({ client, state, signal }) => {
    const status = await statusOf(client, state, signal);
    if (status === undefined) return null;
    const told = await client.run(['get', 'metadata', ...nameOf(state), '--output', 'json'], signal);
    const { chart: name, ...chart } = JSON.parse(told) as Omit<ChartMetadata, 'name'> & { chart: string };
    return attributesOf(status, { ...chart, name }, state);
  },
  update: ({ client, planned, signal }) => deploy(client, 'upgrade', planned, signal),
  delete: async ({ client, state, signal }) => {
    const timeout = `${number(state, 'timeout')}s`;
    await client.run(['uninstall', ...nameOf(state), '--ignore-not-found', '--wait', '--timeout', timeout], signal);
  },
};

async function deploy(
  client: HelmProgram,
  command: 'install' | 'upgrade',
  planned: ValueObject,
  signal: AbortSignal,
): Promise<ValueObject> {
  const [name, ...namespace] = nameOf(planned);
  const [chart, ...from] = chartArguments(planned);
  const options = [
    ...['--timeout', `${number(planned, 'timeout')}s`, '--output', 'json'],
    ...(flag(planned, 'wait') ? ['--wait'] : []),
    ...(flag(planned, 'create_namespace') ? ['--create-namespace'] : []),
  ];
  const args = [command, name!, chart!, ...from, ...namespace, ...options];
  const deployed = JSON.parse(await client.run(args, signal, releaseValues(planned))) as DeployedRelease;
  return attributesOf(deployed, deployed.chart.metadata, planned);
}

function nameOf(release: ValueObject): string[] {
  return [text(release, 'name'), '--namespace', text(release, 'namespace')];
}

/** Undefined when there is no such release. */
async function statusOf(
  client: HelmProgram,
  release: ValueObject,
  signal: AbortSignal,
): Promise<ReleaseStatus | undefined> {
  try {
    const told = await client.run(['status', ...nameOf(release), '--output', 'json'], signal);
    return JSON.parse(told) as ReleaseStatus;
  } catch (error) {
    if (error instanceof ProviderError && error.summary.includes('release: not found')) return undefined;
    throw error;
  }
}

function attributesOf(
  { name, namespace, version: revision, config = {}, info }: ReleaseStatus,
  { name: chart, version, appVersion = '' }: ChartMetadata,
  state: ValueObject,
): ValueObject {
  return {
    id: name,
    status: info.status,
    version,
    manifest: null,
    resources: null,
    metadata: {
      name,
      namespace,
      revision,
      chart,
      version,
      app_version: appVersion,
      first_deployed: unixTime(info.first_deployed),
      last_deployed: unixTime(info.last_deployed),
      notes: info.notes ?? '',
      values: JSON.stringify(cloaked(config, state)),
    },
  };
}

function unixTime(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
