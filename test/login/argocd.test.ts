/** The real Argo CD, with the settings of its release, and tokens of the real Dex. The API server is real, too. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from 'bcryptjs';
import { stringify } from 'yaml';
import { configure } from '#cli/configure/configure';
import { readManifests } from '#cli/manifests/folder';
import { isOk } from '#clients/http';
import { kubeconfigText } from '#clients/kubernetes/kubeconfig-text';
import { until } from '#clients/until';
import { loginIssuer } from '#config/login';
import { freePort } from '#sandbox/net/free-port';
import { processStarter, type RunningProcess } from '#sandbox/processes/process';
import { argoCdCrds } from '#sandbox/toolchain/argo-cd-crds';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import { argoCdLogin, CLIENT_SECRET_KEY } from '#stacks/cluster/argocd-login';
import { K8S } from '../k8s/manifests';
import { startRealApi, type RealApi } from '../k8s/real-api';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { sampleConfig } from '../stacks/sample';
import { tokenFor } from './browser';
import { CLIENT_SECRETS, toolOf } from './clients';
import { startDex, type DexServer } from './dex-server';
import { passedTo, startNamedServers, type NamedServers } from './named-servers';

const PASSWORD = 'correct horse battery';
const START_LIMIT_MS = 60_000;
const COMMIT = '0'.repeat(40);
const APPLICATION = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'layer-03-apps', namespace: 'argocd' },
  spec: {
    project: 'apps',
    source: { repoURL: 'https://github.com/example/forge', path: 'k8s/03-apps', targetRevision: COMMIT },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'rt' },
  },
};
const PROJECT = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'apps', namespace: 'argocd' },
  spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] },
};

describe("Argo CD's page", () => {
  let api: RealApi;
  let dex: DexServer;
  let internet: NamedServers;
  let url: string;
  const processes: RunningProcess[] = [];

  const settings = (kind: 'ConfigMap' | 'Secret', name: string, values: object) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    ...(kind === 'Secret' ? { stringData: values } : { data: values }),
  });

  async function startArgoCd(): Promise<string> {
    const { argocd, miniredis } = await ensureTools(['argocd', 'miniredis'], { progress: () => undefined });
    const folder = join(api.folder, 'argocd');
    mkdirSync(folder, { mode: 0o700 });
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigText('test', api.endpoint), { mode: 0o600 });
    const [port, metrics, redis] = [await freePort(), await freePort(), `127.0.0.1:${await freePort()}`];
    const start = processStarter(folder).start;
    processes.push(start({ name: 'redis', command: miniredis, args: ['--address', redis] }));
    const at = ['--address', '127.0.0.1', '--port', `${port}`];
    const metricsAt = ['--metrics-address', '127.0.0.1', '--metrics-port', `${metrics}`];
    const others = ['--redis', redis, '--repo-server', '127.0.0.1:1', '--dex-server', ''];
    const args = ['--insecure', ...at, ...metricsAt, ...others, '--kubeconfig', kubeconfig, '--namespace', 'argocd'];
    const environment = { ...internet.environment, ARGOCD_BINARY_NAME: 'argocd-server' };
    processes.push(start({ name: 'argocd-server', command: argocd, args, environment }));
    return `http://127.0.0.1:${port}`;
  }

  beforeAll(async () => {
    api = await startRealApi();
    const [{ dex: program }, passwordHash] = await Promise.all([
      ensureTools(['dex'], { progress: () => undefined }),
      hash(PASSWORD, 10),
    ]);
    const person = (name: string) => ({
      name,
      email: `${name}@example.org`,
      maintainer: name === 'mary',
      passwordHash,
    });
    const config = {
      ...sampleConfig,
      login: { people: ['mary', 'olaf', 'anna'].map(person) },
      operators: [{ name: 'olaf', ageRecipient: '' }],
    };
    const manifests = configure(config, readManifests(K8S)).files.get('01-init/dex.yaml')!;
    dex = await startDex({ program, manifests, folder: join(api.folder, 'dex'), secrets: CLIENT_SECRETS });
    internet = await startNamedServers(api.folder, { [new URL(loginIssuer(config)).host]: passedTo(dex.url) });

    const admin = await api.as('system:masters');
    await admin(['create', 'namespace', 'argocd']);
    const crds = (await argoCdCrds({ progress: () => undefined })).flatMap((file) => ['-f', file]);
    await admin(['apply', '--server-side', ...crds]);
    const { cm, rbac } = argoCdLogin(config);
    const secret = { [CLIENT_SECRET_KEY]: toolOf('argocd').secret };
    const objects = [
      settings('ConfigMap', 'argocd-cm', { ...cm, url: `https://argocd.${config.domain}` }),
      settings('ConfigMap', 'argocd-rbac-cm', rbac),
      settings('Secret', 'argocd-secret', secret),
      ...[PROJECT, APPLICATION],
    ];
    const text = objects.map((one) => stringify(one)).join('---\n');
    // Until its kinds are established.
    await eventually(async () => (await admin(['apply', '-f', '-'], text)).code === 0);
    url = await startArgoCd();
    const isUp = () => isOk({ url: `${url}/healthz` }, 1000);
    await until(isUp, { every: 100, limit: START_LIMIT_MS, what: 'argocd-server' });
  }, 600_000);
  afterAll(async () => {
    for (const one of processes) await one.stop();
    internet?.stop();
    await dex?.stop();
  }, 60_000);

  const tokenOf = (name: string, client: 'argocd' | 'gitea' = 'argocd') =>
    tokenFor(dex, toolOf(client), { form: { login: `${name}@example.org`, password: PASSWORD } });
  const call = (token: string, path: string, method = 'GET', body?: object) =>
    fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const seen = async (token: string) => {
    const { items } = (await (await call(token, '/applications')).json()) as {
      items: { metadata: { name: string } }[];
    };
    return (items ?? []).map(({ metadata }) => metadata.name);
  };
  const sync = async (token: string) => (await call(token, '/applications/layer-03-apps/sync', 'POST', {})).status;
  const change = async (token: string) =>
    (await call(token, '/applications/layer-03-apps', 'PATCH', { patch: '{}', patchType: 'merge' })).status;

  it('shows a maintainer the applications, and lets them be synced and not changed', async () => {
    const mary = await tokenOf('mary');
    expect(await seen(mary)).toEqual(['layer-03-apps']);
    expect([await change(mary), await sync(mary)]).toEqual([403, 200]);
  });

  it('shows an operator the applications, and no more', async () => {
    const olaf = await tokenOf('olaf');
    expect(await seen(olaf)).toEqual(['layer-03-apps']);
    expect([await change(olaf), await sync(olaf)]).toEqual([403, 403]);
  });

  it('shows nothing to somebody without a role', async () => {
    const anna = await tokenOf('anna');
    expect(await seen(anna)).toEqual([]);
    expect([await change(anna), await sync(anna)]).toEqual([403, 403]);
  });

  it('knows nobody by a token for another tool, by one that was changed, or by none', async () => {
    const token = await tokenOf('mary');
    const [header, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, email: 'eve@example.org' })).toString('base64url');
    for (const wrong of [await tokenOf('mary', 'gitea'), `${header}.${forged}.${signature}`, ''])
      expect((await call(wrong, '/applications')).status).toBe(401);
  });
});
