import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { randomProvider } from '#sandbox/cloud/terraform/random/provider';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';
import {
  terraformProject,
  type Resources,
  type TerraformProject,
} from '#test/sandbox/cloud/terraform/terraform-project';
import { sampleConfig, synthesise } from './sample';

type Rotation = (typeof sampleConfig)['rotation'];
type Json = Record<string, Record<string, any>>;

function stacks(raised: Partial<Rotation>): { cluster: Json; network: Json } {
  const { cluster, network } = synthesise({
    ...sampleConfig,
    rotation: { ...sampleConfig.rotation, ...raised },
  }).stacks;
  return { cluster: cluster['resource'] as Json, network: network['resource'] as Json };
}

/** What the stack `cluster` makes without asking anybody. */
function made(raised: Partial<Rotation> = {}): Resources {
  const { random_password = {}, tls_private_key = {}, terraform_data = {} } = stacks(raised).cluster;
  return { random_password, tls_private_key, terraform_data };
}

const ROTATED = [
  ['webhookSecret', 'random_password.argocd_webhook', 'argocd_webhook-generation'],
  ['deployKey', 'tls_private_key.argocd_deploy-key', 'argocd_deploy-key-generation'],
] as const;

describe('a raised number under rotation:', () => {
  let project: TerraformProject;

  beforeAll(async () => {
    project = await terraformProject([provider(randomProvider()), provider(tlsProvider())]);
  });

  it('is 1 for an installation that knew no numbers, and changes nothing there', async () => {
    const { random_password, tls_private_key } = JSON.parse(JSON.stringify(made())) as Json;
    for (const one of [random_password, tls_private_key].flatMap((kind) => Object.values(kind!))) delete one.lifecycle;
    project.configure({ random_password: random_password!, tls_private_key: tls_private_key! });
    await project.apply();
    project.configure(made());
    expect((await project.plan()).map(({ actions }) => actions)).toEqual(ROTATED.map(() => ['create']));
    await project.apply();
  });

  it.each(ROTATED)('makes another %s, and nothing else', async (name, address, trigger) => {
    project.configure(made({ [name]: 2 }));
    const planned = Object.fromEntries((await project.plan()).map((change) => [change.address, change.actions]));
    expect(planned).toEqual({ [address]: ['delete', 'create'], [`terraform_data.${trigger}`]: ['update'] });
    project.configure(made());
  });

  it.each([
    ['snapshotKey', 'digitalocean_spaces_key', 'snapshots_key'],
    ['backupKey', 'digitalocean_spaces_key', 'backup-key'],
    ['adminCertificate', 'tls_private_key', 'pki_admin-key'],
    ['joinTokens', 'random_password', 'join_server'],
    ['joinTokens', 'random_password', 'join_agent'],
  ] as const)('makes another %s', (name, type, id) => {
    const { network } = stacks({ [name]: 2 });
    const [trigger] = network[type]![id].lifecycle.replace_triggered_by as [string];
    const raised = Object.entries(network['terraform_data']!).filter(([, { input }]) => input.generation === 2);
    expect(raised.map(([key]) => `terraform_data.${key}`)).toEqual([trigger]);
  });
});
