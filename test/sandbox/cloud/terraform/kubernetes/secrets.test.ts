import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { kubernetesProvider } from '#sandbox/cloud/terraform/kubernetes/provider';
import { startRealApi, type RealApi } from '#test/k8s/real-api';
import { sampleConfig, sampleEnvironment, synthesise } from '#test/stacks/sample';
import { clusterBlock, terraformProject, type Resources, type TerraformProject } from '../terraform-project';

jest.setTimeout(300_000);

const NAMESPACE = { argocd: { metadata: { name: 'argocd' } }, rt: { metadata: { name: 'rt' } } };
const VALUES = { FORGE_CLUSTER_TOKEN: 'planted', POSTGRES_PASSWORD: 'planted' };

/** The secrets of all stacks, alone: what they depend on is not of this test. */
function secretsOf(environment: Record<string, string>): Record<string, object> {
  const { stacks } = synthesise(sampleConfig, sampleEnvironment(environment));
  const all = [stacks.cluster, stacks['github-secrets']].map((stack) => stack['resource'].kubernetes_secret_v1);
  const alone = Object.entries(Object.assign({}, ...all) as Record<string, any>).map(([id, secret]) => {
    const { namespace } = secret.metadata;
    const [dependency] = Object.entries(NAMESPACE).filter(([name]) => name === namespace);
    const depends_on = dependency === undefined ? [] : [`kubernetes_namespace_v1.${namespace}`];
    // One follows a key that Terraform makes, which is not here.
    const { data_wo_revision } = secret as { data_wo_revision: number | string };
    const revision = `${data_wo_revision}`.includes('tls_private_key') ? 7 : data_wo_revision;
    return [id, { ...secret, depends_on, data_wo: { key: 'planted' }, data_wo_revision: revision }];
  });
  return Object.fromEntries(alone) as Record<string, object>;
}

describe('the Kubernetes secrets of the stacks, with the real Terraform and a real API server', () => {
  let api: RealApi;
  let project: TerraformProject;

  const configure = (environment: Record<string, string>) => {
    const resources: Resources = {
      kubernetes_namespace_v1: NAMESPACE,
      kubernetes_secret_v1: secretsOf(environment),
    };
    project.configure(resources, { provider: { kubernetes: access } });
  };
  let access: object;

  beforeAll(async () => {
    api = await startRealApi();
    access = clusterBlock(api.endpoint);
    project = await terraformProject([provider(kubernetesProvider())]);
    configure(VALUES);
    await project.apply();
  });

  it('show no change in the first plan after they were made, without a refresh and with one', async () => {
    expect(await project.plan('-refresh=false')).toEqual([]);
    expect(await project.plan()).toEqual([]);
  });

  it('can be planned where no value is at hand, and show no change either', async () => {
    configure({});
    expect(await project.plan('-refresh=false')).toEqual([]);
    expect(await project.plan()).toEqual([]);
  });

  it('take an ephemeral value, which is in no plan and no state, when their revision is another', async () => {
    const kubectl = await api.as('system:masters');
    const write = async (revision: number, value: string) => {
      const kubernetes_secret_v1 = {
        one: { metadata: { name: 'one' }, data_wo: { key: '${var.planted}' }, data_wo_revision: revision },
      };
      const variable = { planted: { ephemeral: true, type: 'string' } };
      project.configure({ kubernetes_secret_v1 }, { provider: { kubernetes: access }, variable });
      const plan = await project.succeed('plan', '-no-color', '-out=plan', '-var', `planted=${value}`);
      const apply = await project.succeed('apply', '-no-color', '-var', `planted=${value}`, 'plan');
      const shown = JSON.stringify(await project.show('plan'));
      expect([plan, apply, shown, await project.succeed('state', 'pull')].join()).not.toContain(value);
      const found = await kubectl(['get', 'secret', 'one', '--namespace=default', '--output=jsonpath={.data.key}']);
      return Buffer.from(found.stdout, 'base64').toString();
    };
    expect(await write(1, 'first-value')).toBe('first-value');
    expect(await write(1, 'second-value')).toBe('first-value');
    expect(await write(2, 'third-value')).toBe('third-value');
  });
});
