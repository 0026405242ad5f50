import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { helmProvider } from '#sandbox/cloud/terraform/helm/provider';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import { startRealApi } from '#test/k8s/real-api';
import { newFolder } from '#test/new-folder';
import { live } from '../lived';
import { officialProject } from '../official-project';
import { clusterBlock, terraformProject, type Resources } from '../terraform-project';

jest.setTimeout(300_000);

const CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: sample\nversion: 1.2.3\nappVersion: v9\n',
  'values.yaml': 'color: red\n',
  'templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: sample }\ndata: { color: "{{ .Values.color }}" }\n',
  'templates/NOTES.txt': 'Everything is {{ .Values.color }}.\n',
};
const folder = newFolder('chart');

function release(change: object = {}): Resources {
  const secret = { name: 'password', value: 'planted' };
  const usual = { name: 'sample', namespace: 'one', create_namespace: true, chart: folder, version: '1.2.3' };
  return { helm_release: { sample: { ...usual, values: ['color: blue'], set_sensitive: [secret], ...change } } };
}

const STEPS = {
  made: release(),
  changed: release({ values: ['color: y\nsize: { width: 1 }'], timeout: 60 }),
  replaced: release({ namespace: 'two' }),
};

it('a release has the same plans and states with the official provider as with the stand-in', async () => {
  const official = await officialProject('helm', { settings: {}, environment: {} });
  if (official === undefined) return;
  const { helm } = await ensureTools(['helm'], { progress: () => undefined });
  const standIn = await terraformProject([provider(helmProvider(helm))]);
  for (const [name, text] of Object.entries(CHART)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { endpoint } = await startRealApi();
  const cluster = { provider: { helm: { kubernetes: clusterBlock(endpoint) } } };
  // One after the other: their releases have the same names in the same cluster.
  const ours = await live(standIn, STEPS, cluster);
  expect(ours).toEqual(await live(official, STEPS, cluster));
});
