import { leaves, PLANTED, sampleConfig, sampleEnvironment, synthesise, type Synthesised } from './sample';

const SECRET_EXPRESSION =
  /private_key_pem|private_key_openssh|random_password\.[\w-]+\.result|secret_key|outputs\.(admin_key|backup_key_secret|webhook_secret|login_\w+)|var\.(\w*_TOKEN|POSTGRES_PASSWORD)/;

/** Where a secret may stand: arguments that the provider marks sensitive or write-only, and user data, kept as a hash. */
const MAY_HOLD_A_SECRET: Record<string, RegExp> = {
  tls_self_signed_cert: /^private_key_pem$/,
  tls_cert_request: /^private_key_pem$/,
  tls_locally_signed_cert: /^ca_private_key_pem$/,
  digitalocean_droplet: /^user_data$/,
  kubernetes_secret_v1: /^data_wo\./,
  helm_release: /^set_sensitive\.\d+\.value$/,
  github_actions_secret: /^plaintext_value$/,
  github_repository_webhook: /^configuration\.secret$/,
};

describe('secrets in the synthesised app', () => {
  let app: Synthesised;

  beforeAll(() => {
    const secrets = { FORGE_CLUSTER_TOKEN: PLANTED.token, POSTGRES_PASSWORD: PLANTED.password };
    app = synthesise(sampleConfig, sampleEnvironment(secrets));
  });

  it('stand only in arguments that hide them', () => {
    const found = Object.values(app.stacks).flatMap((stack) =>
      leaves(stack['resource']).filter(({ value }) => typeof value === 'string' && SECRET_EXPRESSION.test(value)),
    );
    const misplaced = found.filter(({ path: [type, , ...argument] }) => {
      const allowed = MAY_HOLD_A_SECRET[type!];
      return allowed === undefined || !allowed.test(argument.join('.'));
    });
    expect(found.length).toBeGreaterThan(15);
    expect(misplaced).toEqual([]);
  });

  it('are hidden in the data source that uses the admin key', () => {
    expect(app.stacks.cluster['data'].http.api_probe.client_key_pem).toBe(
      '${sensitive(data.terraform_remote_state.network.outputs.admin_key)}',
    );
  });

  it('are in no output in clear', () => {
    for (const stack of Object.values(app.stacks)) {
      for (const output of Object.values<any>(stack['output'])) {
        if (output.sensitive !== true) expect(output.value).not.toMatch(SECRET_EXPRESSION);
      }
    }
  });

  it('from the environment are nowhere in the JSON', () => {
    const text = JSON.stringify(app);
    for (const value of Object.values(PLANTED)) expect(text).not.toContain(value);
  });

  it('come as ephemeral variables that stop an apply, and only an apply, when they are absent', () => {
    for (const [stack, name, neededBy] of [
      ['cluster', 'FORGE_CLUSTER_TOKEN', 'kube-system/digitalocean'],
      ['github-secrets', 'POSTGRES_PASSWORD', 'rt/postgres-secret'],
    ] as const) {
      const variable = app.stacks[stack]['variable'][name];
      expect(variable).toMatchObject({ ephemeral: true, sensitive: true, default: null });
      expect(variable.validation).toEqual([
        {
          condition: `\${!terraform.applying || var.${name} != null}`,
          error_message: expect.stringContaining(neededBy) as string,
        },
      ]);
    }
  });

  it.each([
    ['network', 'digitalocean', 'DIGITALOCEAN_TOKEN'],
    ['github-secrets', 'github', 'GITHUB_TOKEN'],
  ] as const)('let %s reach the provider %s with %s only, in plans, too', (stack, provider, name) => {
    const variable = app.stacks[stack]['variable'][name];
    expect(variable).toMatchObject({ ephemeral: true, sensitive: true, default: null });
    expect(variable.validation[0].condition).toBe(`\${var.${name} != null}`);
    expect(app.stacks[stack]['provider'][provider]).toMatchObject([{ token: `\${var.${name}}` }]);
  });
});

describe('the revision of write-only data', () => {
  const revisionIn = ({ stacks }: Synthesised) =>
    stacks['github-secrets']['resource'].kubernetes_secret_v1['secret_rt_postgres-secret'];
  const withPassword = (POSTGRES_PASSWORD: string) =>
    revisionIn(synthesise(sampleConfig, sampleEnvironment({ POSTGRES_PASSWORD })));

  it('follows the value', () => {
    const [first, again, changed] = ['one', 'one', 'two'].map(
      (value) => withPassword(value).data_wo_revision as number,
    );
    expect(again).toBe(first);
    expect(changed).not.toBe(first);
  });

  it('keeps too few bits to recognise a value by', () => {
    for (const value of ['one', 'two', 'three'])
      expect(withPassword(value).data_wo_revision).toBeLessThanOrEqual(2 ** 20);
  });

  it('is left as it is when the value is absent', () => {
    expect(withPassword('one').lifecycle).toBeUndefined();
    expect(revisionIn(synthesise()).lifecycle).toEqual({ ignore_changes: ['data_wo_revision'] });
  });
});
