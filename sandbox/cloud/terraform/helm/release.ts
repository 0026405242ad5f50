import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { flag, number, optionalText, text } from '../attributes';
import { chartArguments } from './chart';
import type { HelmProgram } from './helm-program';
import { releaseValues } from './release-values';

/** What `helm get metadata` tells. */
interface ReleaseMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly chart: string;
  readonly version: string;
  readonly appVersion?: string;
  readonly status: string;
  readonly deployedAt: string;
}

/** helm_release: what helm itself installs, upgrades and uninstalls. */
export const release: ResourceType<HelmProgram> = {
  schemaVersion: 2,
  sensitive: ['repository_password', 'set_sensitive.value'],
  writeOnly: ['set_wo', 'set_wo.name', 'set_wo.type', 'set_wo.value'],
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
    verify: false,
    wait: true,
    wait_for_jobs: false,
  },
  changesOnUpdate: ['metadata', 'status'],
  create: async ({ client, planned, signal }) => {
    const before = await metadataOf(client, planned, signal);
    if (before?.status === 'deployed') {
      throw new ProviderError('cannot re-use a name that is still in use', `${before.namespace}/${before.name}`);
    }
    // What a failed or interrupted try left.
    if (before !== undefined) await client.run(['uninstall', ...nameOf(planned)], signal);
    return deploy(client, 'install', planned, signal);
  },
  read: async ({ client, state, signal }) => {
    const metadata = await metadataOf(client, state, signal);
    return metadata === undefined ? null : attributesOf(metadata, state);
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
    ...['--timeout', `${number(planned, 'timeout')}s`],
    ...(flag(planned, 'wait') ? ['--wait'] : []),
    ...(flag(planned, 'create_namespace') ? ['--create-namespace'] : []),
  ];
  await client.run([command, name!, chart!, ...from, ...namespace, ...options], signal, releaseValues(planned));
  return attributesOf((await metadataOf(client, planned, signal))!, planned);
}

function nameOf(release: ValueObject): string[] {
  return [text(release, 'name'), '--namespace', text(release, 'namespace')];
}

/** Undefined when there is no such release. */
async function metadataOf(
  client: HelmProgram,
  release: ValueObject,
  signal: AbortSignal,
): Promise<ReleaseMetadata | undefined> {
  try {
    const told = await client.run(['get', 'metadata', ...nameOf(release), '--output', 'json'], signal);
    return JSON.parse(told) as ReleaseMetadata;
  } catch (error) {
    if (error instanceof ProviderError && error.summary.includes('release: not found')) return undefined;
    throw error;
  }
}

function attributesOf(metadata: ReleaseMetadata, state: ValueObject): ValueObject {
  const { name, namespace, revision, chart, version, appVersion = '', status, deployedAt } = metadata;
  const deployed = Math.floor(Date.parse(deployedAt) / 1000);
  return {
    id: name,
    status,
    description: optionalText(state, 'description') ?? null,
    version,
    manifest: null,
    resources: null,
    metadata: {
      ...{ name, namespace, revision, chart, version, app_version: appVersion },
      first_deployed: deployed,
      last_deployed: deployed,
      notes: '',
      values: '{}',
    },
  };
}
