import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { helmProvider } from '#sandbox/cloud/terraform/helm/provider';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import { terraformProject } from '../terraform-project';

jest.setTimeout(120_000);

it('a plan of a release wants its chart, as the official provider does, and says so when it cannot be had', async () => {
  const { helm } = await ensureTools(['helm'], { progress: () => undefined });
  const cluster = { host: 'https://127.0.0.1:1', cluster_ca_certificate: '', client_certificate: '', client_key: '' };
  const project = await terraformProject([provider(helmProvider(helm))], { helm: { kubernetes: cluster } });
  const sample = { name: 'sample', chart: 'argo-cd', repository: 'http://127.0.0.1:9', version: '1.0.0' };
  project.configure({ helm_release: { sample } });
  const { code, output } = await project.terraform('plan', '-no-color');
  expect([code, output]).toEqual([1, expect.stringMatching(/127\.0\.0\.1:9/)]);
});
