import { sampleConfig, sampleEnvironment, synthesise } from '../sample';

const registrySecret = {
  name: 'dockerhub-auth-secret',
  namespace: 'rt',
  layer: 'layer-01-init',
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': 'DOCKERHUB_CONFIG_JSON' },
} as const;

function stackWith(secrets: typeof sampleConfig.secrets): any {
  return synthesise({ ...sampleConfig, secrets }).stacks['github-secrets'];
}

describe('a Kubernetes secret of forge.yaml', () => {
  const stack = stackWith([...sampleConfig.secrets, registrySecret]);
  const secrets = stack.resource.kubernetes_secret_v1;

  it('carries in its one create all that Argo CD needs to show and to spare it', () => {
    expect(secrets['secret_rt_postgres-secret'].metadata).toMatchObject({
      name: 'postgres-secret',
      namespace: 'rt',
      annotations: {
        'argocd.argoproj.io/tracking-id': 'layer-02-database:/Secret:rt/postgres-secret',
        'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      },
    });
  });

  it('has write-only data and its own type', () => {
    expect(secrets['secret_rt_dockerhub-auth-secret']).toMatchObject({
      type: 'kubernetes.io/dockerconfigjson',
      data_wo: { '.dockerconfigjson': '${var.DOCKERHUB_CONFIG_JSON}' },
    });
    expect(secrets['secret_rt_dockerhub-auth-secret']).not.toHaveProperty('data');
  });

  it('waits for its namespace, which is made once whoever is first', () => {
    expect(Object.keys(stack.resource.helm_release)).toEqual(['secret_namespace_rt']);
    expect(stack.resource.helm_release.secret_namespace_rt).toMatchObject({ create_namespace: true, namespace: 'rt' });
    for (const secret of Object.values<any>(secrets)) {
      expect(secret.depends_on).toEqual(['helm_release.secret_namespace_rt']);
    }
  });

  it('names variable and secret when its value is missing at a deploy', () => {
    const [{ error_message: message }] = stack.variable.POSTGRES_PASSWORD.validation;
    expect(message).toContain('POSTGRES_PASSWORD');
    expect(message).toContain('rt/postgres-secret');
  });

  it('shares a variable with another secret, and the message names both', () => {
    const [entry] = sampleConfig.secrets;
    const shared = stackWith([entry!, { ...entry!, name: 'gitea-db' }]);
    const [{ error_message: message }] = shared.variable.POSTGRES_PASSWORD.validation;
    expect(message).toContain('rt/postgres-secret and the secret rt/gitea-db');
  });
});

describe('the secret of the backups', () => {
  const secretOf = (backups: Partial<typeof sampleConfig.backups>, environment = sampleEnvironment()) => {
    const config = { ...sampleConfig, backups: { ...sampleConfig.backups, ...backups } };
    return synthesise(config, environment).stacks['github-secrets']['resource'].kubernetes_secret_v1[
      'secret_rt_backup-secret'
    ];
  };
  const withPassword = (password: string) => sampleEnvironment({ BACKUP_PASSWORD: password });

  it('has the store, the key that reaches nothing else, and a password that is in no state', () => {
    expect(secretOf({}).data_wo).toEqual({
      STORE: 's3:https://fra1.digitaloceanspaces.com/forge-test-backups-e76201e2/forge-test',
      SECOND_STORE: '',
      KEEP_DAYS: '30',
      ACCESS_KEY_ID: '${data.terraform_remote_state.network.outputs.backup_key_id}',
      SECRET_ACCESS_KEY: '${sensitive(data.terraform_remote_state.network.outputs.backup_key_secret)}',
      RESTIC_PASSWORD: '${var.BACKUP_PASSWORD}',
    });
  });

  it('has the store as pods find it, whatever Terraform and forge ask instead', () => {
    const environment = { ...sampleEnvironment(), spacesEndpoint: () => 'http://127.0.0.1:9000' };
    expect(secretOf({}, environment).data_wo.STORE).toMatch(/^s3:https:\/\/fra1\.digitaloceanspaces\.com\//);
  });

  it('has the second store where forge.yaml names a region for it', () => {
    expect(secretOf({ secondRegion: 'ams3' }).data_wo.SECOND_STORE).toMatch(
      /^s3:https:\/\/ams3\.digitaloceanspaces\.com\/forge-test-backups-copy-\w+\/forge-test$/,
    );
  });

  it('says that nothing is saved where backups are off, and asks for no password', () => {
    expect(secretOf({ enabled: false }).data_wo).toEqual({ STORE: '' });
  });

  it('is sent again when the password, the settings or the key change, and not without the password', () => {
    const revisions = [
      secretOf({}, withPassword('one')),
      secretOf({}, withPassword('two')),
      secretOf({ retention: 7 }, withPassword('one')),
      secretOf({ enabled: false }),
    ].map(({ data_wo_revision }) => String(data_wo_revision));
    expect(new Set(revisions).size).toBe(4);
    expect(revisions[0]).toContain('outputs.backup_key_id');
    expect(secretOf({}).lifecycle.ignore_changes).toEqual(['data_wo_revision']);
  });
});

describe('the repository', () => {
  const { resource } = stackWith([]);

  it('learns the addresses', () => {
    const variables = Object.values<any>(resource.github_actions_variable);
    expect(Object.fromEntries(variables.map((one) => [one.variable_name, one.value]))).toEqual({
      FORGE_TEST_DOMAIN: 'forge.example.org',
      FORGE_TEST_API_URL: 'https://${data.terraform_remote_state.network.outputs.api_address}:6443',
      FORGE_TEST_ENTRANCE_ADDRESS: '${data.terraform_remote_state.network.outputs.entrance_address}',
      FORGE_TEST_FORGE_URL: 'https://forge.forge.example.org',
      FORGE_TEST_GITEA_URL: 'https://gitea.forge.example.org',
      FORGE_TEST_JENKINS_URL: 'https://jenkins.forge.example.org',
      FORGE_TEST_ARGOCD_URL: 'https://argocd.forge.example.org',
    });
  });

  it('gets no access to the cluster', () => {
    expect(resource).not.toHaveProperty('github_actions_secret');
    expect(JSON.stringify(resource)).not.toContain('admin_key');
  });

  it('announces pushes to Argo CD, signed, over checked TLS, and lets it read only', () => {
    const { events, configuration } = resource.github_repository_webhook.argocd_webhook;
    expect(events).toEqual(['push']);
    expect(configuration).toEqual({
      url: 'https://argocd.forge.example.org/api/webhook',
      content_type: 'json',
      insecure_ssl: false,
      secret: '${sensitive(data.terraform_remote_state.cluster.outputs.webhook_secret)}',
    });
    expect(resource['github_repository_deploy_key']['argocd_deploy-key'].read_only).toBe(true);
  });
});
