import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { kubernetesProvider } from '#sandbox/cloud/terraform/kubernetes/provider';
import { startRealApi } from '#test/k8s/real-api';
import { live } from '../lived';
import { officialProject } from '../official-project';
import { clusterBlock, terraformProject, type Resources } from '../terraform-project';

jest.setTimeout(300_000);

/** With and without labels. */
function objects({ label = 'one', revision = 1, note = 'kept', type = 'Opaque' } = {}): Resources {
  const annotations = note === '' ? {} : { annotations: { note } };
  const data = { [`key${revision}`]: 'planted' };
  return {
    kubernetes_namespace_v1: {
      bare: { metadata: { name: 'bare' } },
      labelled: { metadata: { name: 'labelled', labels: { label } } },
    },
    kubernetes_secret_v1: {
      bare: { metadata: { name: 'bare' }, data_wo: data, data_wo_revision: revision, type },
      labelled: {
        metadata: { name: 'labelled', namespace: 'default', labels: { label }, ...annotations },
        data_wo: data,
        data_wo_revision: revision,
      },
    },
  };
}

const STEPS: Readonly<Record<string, Resources>> = {
  made: objects(),
  changed: objects({ label: 'two', revision: 2, note: '' }),
  replaced: objects({ label: 'two', revision: 2, note: '', type: 'example.org/other' }),
};

it('secrets have the same plans and states with the official provider as with the stand-in', async () => {
  const official = await officialProject('kubernetes', { settings: {}, environment: {} });
  if (official === undefined) return;
  const standIn = await terraformProject([provider(kubernetesProvider())]);
  const { endpoint } = await startRealApi();
  const cluster = { provider: { kubernetes: clusterBlock(endpoint) } };
  // One after the other: their objects have the same names in the same cluster.
  const ours = await live(standIn, STEPS, cluster);
  expect(ours).toEqual(await live(official, STEPS, cluster));
});
