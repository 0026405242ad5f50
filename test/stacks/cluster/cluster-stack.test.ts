import { parse } from 'yaml';
import { sampleConfig, synthesise } from '../sample';

describe('the cluster stack', () => {
  const stack = synthesise().stacks.cluster as any;
  const releases = stack.resource.helm_release as Record<string, any>;
  const valuesOf = (id: string) => parse(releases[id].values[0] as string);

  it('reaches the API with the admin certificate that the network stack made', () => {
    const access = {
      host: 'https://${data.terraform_remote_state.network.outputs.api_address}:6443',
      cluster_ca_certificate: '${data.terraform_remote_state.network.outputs.cluster_ca_certificate}',
      client_certificate: '${data.terraform_remote_state.network.outputs.admin_certificate}',
      client_key: '${sensitive(data.terraform_remote_state.network.outputs.admin_key)}',
    };
    expect(stack.provider.kubernetes).toEqual([access]);
    expect(stack.provider.helm).toEqual([{ kubernetes: access }]);
  });

  it('waits for the API before anything else, unless told that it is closed', () => {
    const probe = stack.data.http.api_probe;
    expect(probe.url).toMatch(/:6443\/readyz$/);
    expect(probe.lifecycle.postcondition[0].error_message).toContain('Access, Recovery Console');
    expect(probe.count).toBe('${var.wait_for_api ? 1 : 0}');
    expect(stack.variable.wait_for_api).toMatchObject({ type: 'bool', default: true });
    expect(stack.resource.kubernetes_secret_v1['cloud-controller_token'].depends_on).toEqual(['data.http.api_probe']);
  });

  it('installs the cloud controller manager before Argo CD, Argo CD before its applications', () => {
    expect(releases['cloud-controller_release'].depends_on).toEqual(['kubernetes_secret_v1.cloud-controller_token']);
    expect(stack.resource.kubernetes_namespace_v1.argocd_namespace.depends_on).toEqual([
      'helm_release.cloud-controller_release',
    ]);
    expect(releases['argocd_release'].depends_on).toEqual(['kubernetes_secret_v1.argocd_repository']);
    expect(releases['argocd_apps'].depends_on).toEqual(['helm_release.argocd_release']);
  });

  it('gives the cloud controller manager the region and the VPC of the droplets, and the revision of its token', () => {
    expect(valuesOf('cloud-controller_release')).toEqual({
      region: 'fra1',
      clusterVpcId: '${data.terraform_remote_state.network.outputs.vpc_id}',
      tokenRevision: '${kubernetes_secret_v1.cloud-controller_token.data_wo_revision}',
    });
  });

  it('pins the charts', () => {
    const versions = ['argocd_release', 'argocd_apps'].map((id) => [releases[id].chart, releases[id].version]);
    expect(versions).toEqual([
      ['argo-cd', '10.3.3'],
      ['argocd-apps', '2.0.5'],
    ]);
    expect(releases['cloud-controller_release'].chart).toMatch(/^assets\//);
  });

  it('lets nobody into Argo CD without a login, and tracks by annotation', () => {
    const { configs, dex } = valuesOf('argocd_release');
    expect(configs.cm['users.anonymous.enabled']).toBe('false');
    expect(configs.rbac['policy.default']).toBe('');
    expect(configs.cm['application.resourceTrackingMethod']).toBe('annotation');
    expect(configs.params['controller.diff.server.side']).toBe('true');
    expect(dex.enabled).toBe(false);
  });

  it('keeps the holders of the cluster beside the control plane, and its inner services to itself', () => {
    const { controller, server, global } = valuesOf('argocd_release');
    for (const { nodeSelector, tolerations } of [controller, server]) {
      expect(nodeSelector['node-role.kubernetes.io/control-plane']).toBe('true');
      expect(tolerations).toEqual([expect.objectContaining({ key: 'node-role.kubernetes.io/control-plane' })]);
    }
    expect(global.networkPolicy).toEqual({ create: true, defaultDenyIngress: true });
  });

  it('gives Argo CD a secret for every kind of webhook, so that no event goes unproved, and limits their size', () => {
    const set = releases['argocd_release'].set_sensitive as { name: string; value: string }[];
    const secrets = Object.fromEntries(set.map(({ name, value }) => [name.replace('configs.secret.', ''), value]));
    const unknown = '${random_password.argocd_others-webhooks.result}';
    expect(secrets).toEqual({
      githubSecret: '${random_password.argocd_webhook.result}',
      gitlabSecret: unknown,
      bitbucketServerSecret: unknown,
      bitbucketUUID: unknown,
      gogsSecret: unknown,
      'azureDevops.username': unknown,
      'azureDevops.password': unknown,
    });
    expect(valuesOf('argocd_release').configs.cm['webhook.maxPayloadSizeMB']).toBe('2');
  });

  // Measured with the real repo-server 3.5.1 and a name server that never answers: `/healthz?full=true` is a gRPC call to
  // itself, which is good after 30.0 s, when gRPC gives up its questions about "localhost". This test runs no probe.
  it('is patient with the repo-server for as long as a silent DNS makes it slow', () => {
    expect(valuesOf('argocd_release').repoServer.livenessProbe?.timeoutSeconds).toBeGreaterThan(30);
  });

  it.each(['2024_01', 'no', '1e3', '0o17', '12:30:45'])('gives Helm the revision %s as text', (revision) => {
    const { resource } = synthesise({ ...sampleConfig, revision }).stacks.cluster as any;
    expect(resource.helm_release.argocd_apps.values[0]).toMatch(new RegExp(`targetRevision: ["']${revision}["']\n`));
  });

  it('starts Argo CD with the layers and nothing else', () => {
    const { projects, applications } = valuesOf('argocd_apps');
    expect(Object.keys(projects)).toEqual(['forge', 'add-ons', 'init', 'database', 'apps']);
    expect(applications.root).toMatchObject({
      project: 'forge',
      source: { repoURL: 'git@github.com:example/forge.git', targetRevision: 'main', path: 'k8s/layers' },
      syncPolicy: {
        automated: { prune: true, selfHeal: true, allowEmpty: false },
        retry: { limit: -1, refresh: true },
      },
    });
  });

  it('sends Argo CD its way to the repository again when the address or the key is another', () => {
    const secret = stack.resource.kubernetes_secret_v1.argocd_repository;
    expect(secret.data_wo.url).toBe('git@github.com:example/forge.git');
    expect(secret.data_wo.sshPrivateKey).toBe('${tls_private_key.argocd_deploy-key.private_key_openssh}');
    expect(secret.data_wo_revision).toMatch(/^\$\{parseint\(substr\(sha256\(/);
    for (const part of ['git@github.com:example/forge.git', 'tls_private_key.argocd_deploy-key.public_key_openssh']) {
      expect(secret.data_wo_revision).toContain(part);
    }
  });

  it('keeps the name and key of the token secret that the CSI driver also reads', () => {
    const token = stack.resource.kubernetes_secret_v1['cloud-controller_token'];
    expect(token.metadata).toMatchObject({ name: 'digitalocean', namespace: 'kube-system' });
    expect(token.data_wo).toEqual({ 'access-token': '${var.FORGE_CLUSTER_TOKEN}' });
    expect(token).not.toHaveProperty('data');
  });
});
