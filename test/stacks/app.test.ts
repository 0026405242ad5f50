import { clusterOutputs } from '#stacks/cluster/outputs';
import { type Contract, outputId } from '#stacks/contract';
import { githubSecretsOutputs } from '#stacks/github-secrets/outputs';
import { networkOutputs } from '#stacks/network/outputs';
import { leaves, sampleConfig, synthesise, type Synthesised } from './sample';

describe.each([1, 3] as const)('the app with %i server(s)', (count) => {
  let app: Synthesised;

  beforeAll(() => {
    app = synthesise({ ...sampleConfig, servers: { ...sampleConfig.servers, count } });
  });

  it('has the three stacks, each after those it reads from', () => {
    expect(Object.keys(app.manifest['stacks']).sort()).toEqual(['cluster', 'github-secrets', 'network']);
    expect(app.manifest['stacks']['network'].dependencies).toEqual([]);
    expect(app.manifest['stacks']['cluster'].dependencies).toEqual(['network']);
    expect(app.manifest['stacks']['github-secrets'].dependencies).toEqual(['network', 'cluster']);
  });

  it.each(['network', 'cluster', 'github-secrets'] as const)('keeps the state of %s in Spaces, locked', (stack) => {
    const { terraform } = app.stacks[stack];
    expect(terraform.required_version).toBe('>= 1.11.0, < 2.0.0');
    expect(terraform.backend.s3).toMatchObject({
      bucket: 'forge-terraform-state',
      key: `forge/test/${stack}.tfstate`,
      endpoints: { s3: 'https://fra1.digitaloceanspaces.com' },
      use_lockfile: true,
      skip_s3_checksum: true,
      profile: 'spaces',
    });
  });

  it('pins every provider to an exact version', () => {
    for (const { terraform } of Object.values(app.stacks)) {
      for (const provider of Object.values<any>(terraform.required_providers)) {
        expect(provider.version).toMatch(/^\d+\.\d+\.\d+$/);
      }
    }
  });

  it.each<[keyof Synthesised['stacks'], Contract]>([
    ['network', networkOutputs],
    ['cluster', clusterOutputs],
    ['github-secrets', githubSecretsOutputs],
  ])('publishes exactly the contract of %s, secrets marked', (stack, contract) => {
    const published = app.stacks[stack]['output'];
    expect(Object.keys(published).sort()).toEqual(Object.keys(contract).map(outputId).sort());
    for (const [name, { sensitive }] of Object.entries(contract)) {
      expect(published[outputId(name)].sensitive ?? false).toBe(sensitive);
    }
  });

  it('passes values between stacks by their contracts only', () => {
    const keys = leaves(app.stacks).flatMap(({ path }) => path);
    expect(keys.filter((key) => key.startsWith('cross-stack-'))).toEqual([]);
    expect(Object.keys(app.stacks.cluster['data'].terraform_remote_state)).toEqual(['network']);
    expect(Object.keys(app.stacks['github-secrets']['data'].terraform_remote_state)).toEqual(['cluster', 'network']);
  });

  it('reads another state without a lock and with the same settings', () => {
    const { backend, config } = app.stacks.cluster['data'].terraform_remote_state.network;
    const { use_lockfile, ...settings } = app.stacks.network['terraform'].backend.s3;
    expect(backend).toBe('s3');
    expect(use_lockfile).toBe(true);
    expect(config).toEqual(settings);
  });

  it('hides a sensitive output again where it is read', () => {
    const secretIds = [networkOutputs, clusterOutputs].flatMap((contract: Contract) =>
      Object.keys(contract)
        .filter((name) => contract[name]!.sensitive)
        .map(outputId),
    );
    const reads = leaves([app.stacks.cluster, app.stacks['github-secrets']])
      .map(({ value }) => `${value as string}`)
      .filter((value) => secretIds.some((id) => value.includes(`.outputs.${id}`)));
    expect(reads.length).toBeGreaterThan(0);
    for (const read of reads) {
      const bare = read.replace(/sensitive\(data\.terraform_remote_state\.[\w-]+\.outputs\.\w+\)/g, '');
      for (const id of secretIds) expect(bare).not.toContain(`.outputs.${id}`);
    }
  });

  it('has no empty place in a list, where a number could not be resolved', () => {
    const nulls = leaves(app.stacks).filter(({ value, path }) => value === null && path.at(-1) !== 'default');
    expect(nulls).toEqual([]);
  });
});

describe('two environments in one account', () => {
  it('share no name', () => {
    const namesOf = (environment: string) => {
      const { stacks } = synthesise({ ...sampleConfig, environment });
      const resources = Object.entries(stacks.network['resource'] as Record<string, Record<string, { name?: string }>>);
      return resources
        .filter(([type]) => type.startsWith('digitalocean_') && type !== 'digitalocean_record')
        .flatMap(([type, instances]) =>
          Object.values(instances).flatMap(({ name }) => (name === undefined ? [] : [`${type} ${name}`])),
        );
    };
    const [first, second] = [namesOf('test'), namesOf('staging')];
    expect(first.length).toBeGreaterThan(10);
    expect(new Set(first).size).toBe(first.length);
    expect(first.filter((name) => second.includes(name))).toEqual([]);
  });

  it('share no variable on GitHub', () => {
    const namesOf = (environment: string) => {
      const { resource } = synthesise({ ...sampleConfig, environment }).stacks['github-secrets'] as any;
      return Object.values<any>(resource.github_actions_variable).map((one) => one.variable_name as string);
    };
    expect(namesOf('test').filter((name) => namesOf('staging').includes(name))).toEqual([]);
  });
});

describe('state.lockfile: false', () => {
  it("leaves Terraform's lock off", () => {
    const config = { ...sampleConfig, state: { ...sampleConfig.state, lockfile: false } };
    for (const stack of Object.values(synthesise(config).stacks)) {
      expect(stack['terraform'].backend.s3).not.toHaveProperty('use_lockfile');
    }
  });
});
