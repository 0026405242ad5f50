import { stateCommand } from '#cli/state/command';
import { objectsOf } from '#cli/state/addresses';
import type { StateFile } from '#cli/state/state-format';
import { sampleOperator, type Operator } from '../sample-operator';
import { clusterState, LOCK, LOCK_KEY, networkState, PLANTED, STATE_KEYS } from '../state/sample-state';

async function withStates(): Promise<Operator> {
  const operator = await sampleOperator(stateCommand, { versioning: 'Enabled' });
  await operator.put(STATE_KEYS.network, networkState);
  await operator.put(STATE_KEYS.cluster, clusterState);
  await operator.put(LOCK_KEY, LOCK);
  return operator;
}

const stacks: Record<string, object> = { network: networkState, cluster: clusterState };
const shows = Object.entries(stacks).flatMap(([stack, state]) =>
  objectsOf(state as StateFile).map(({ address }) => ['show', stack, address]),
);
const all = [
  ['list'],
  ['list', 'network'],
  ...shows,
  ['show', 'network', 'no.such'],
  ['outputs', 'network'],
  ['outputs', 'cluster'],
  ['history', 'network'],
  ['locks'],
  ['unlock', 'network'],
  ['unlock', 'network', '--force'],
];

describe('a secret that is planted anywhere in a state', () => {
  it.each(all.map((args) => [args.join(' '), args] as const))(
    'is not printed by forge state %s',
    async (_name, args) => {
      const operator = await withStates();
      for (const format of [[], ['--json']]) {
        const { output } = await operator.run(...args, ...format);
        expect(output).not.toContain(PLANTED);
        expect(output).not.toContain(Buffer.from(PLANTED).toString('base64').slice(0, 16));
        expect(output).not.toContain('PRIVATE KEY');
      }
    },
  );
});

describe('what is no secret', () => {
  async function attributes(stack: string, address: string): Promise<Record<string, unknown>> {
    const { stdout } = await (await withStates()).run('show', stack, address, '--json');
    return (JSON.parse(stdout) as { attributes: Record<string, unknown> }[])[0]!.attributes;
  }

  it('stays readable beside what is hidden', async () => {
    await expect(attributes('network', 'terraform_data.generation')).resolves.toEqual({
      input: { marked: '(sensitive)', list: ['plain', '(sensitive)'], open: 'visible' },
      output: { copy: '(sensitive)', apiToken: '(sensitive)', open: 'visible' },
      triggers_replace: '(sensitive)',
    });
    await expect(attributes('network', 'tls_private_key.ca')).resolves.toEqual({
      algorithm: 'ECDSA',
      private_key_pem: '(sensitive)',
      public_key_pem: 'public',
    });
  });

  it('is hidden with all around it where a mark leads nowhere', async () => {
    await expect(attributes('network', 'example_changed.changed')).resolves.toEqual({
      old_place: '(sensitive)',
    });
  });

  it('is told from its name', async () => {
    const { map } = await attributes('network', 'example_texts.texts');
    expect(map).toEqual({ 'not-a-secret-name': 'visible', secret_name: 'visible too' });
  });

  it('may come from another stack, if a contract declares it public', async () => {
    const { config, outputs } = await attributes('cluster', 'data.terraform_remote_state.network');
    expect(config).toMatchObject({ key: STATE_KEYS.network });
    expect(outputs).toEqual({ api_address: '127.16.0.2', admin_key: '(sensitive)', undeclared: '(sensitive)' });
  });

  it('may be marked in one place if it is published in another', async () => {
    const operator = await withStates();
    const url = 'https://argocd.forge.example.org/api/webhook';
    const hook = {
      mode: 'managed',
      type: 'github_repository_webhook',
      name: 'argocd',
      instances: [
        {
          attributes: { configuration: [{ url }] },
          sensitive_attributes: [
            [
              { type: 'get_attr', value: 'configuration' },
              { type: 'index', value: { value: 0, type: 'number' } },
              { type: 'get_attr', value: 'url' },
            ],
          ],
        },
      ],
    };
    const outputs = { webhook_url: { value: url, type: 'string' } };
    const state = { ...networkState, outputs, resources: [hook] };
    await operator.put('forge/production/github-secrets.tfstate', state);
    const { output } = await operator.run('outputs', 'github-secrets');
    expect(output).toBe(`webhook_url  ${url}\n`);
  });
});
