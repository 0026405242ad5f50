/** States as Terraform writes them, with a secret planted in every place where one can be. */

export const STATE_KEYS = {
  network: 'forge/production/network.tfstate',
  cluster: 'forge/production/cluster.tfstate',
};
export const LOCK_KEY = `${STATE_KEYS.network}.tflock`;

/** Every planted value has this in it. */
export const PLANTED = 'PLANTED-SECRET';

const planted = (place: string) => `${PLANTED}-${place}`;
const attribute = (value: string) => ({ type: 'get_attr', value });
const index = (value: string | number) => ({ type: 'index', value: { value, type: typeof value } });
const privateKey = `-----BEGIN EC PRIVATE KEY-----\n${planted('pem')}\n-----END EC PRIVATE KEY-----\n`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

function resource(type: string, name: string, attributes: object, sensitive: object[][] = [], others: object = {}) {
  const instances = [{ schema_version: 0, attributes, sensitive_attributes: sensitive, private: 'AAAA', ...others }];
  return { mode: 'managed', type, name, provider: `provider["example.org/${type}"]`, instances };
}

export const networkState = {
  version: 4,
  terraform_version: '1.11.4',
  serial: 12,
  lineage: '00000000-0000-0000-0000-000000000000',
  outputs: {
    api_address: { value: '127.16.0.2', type: 'string' },
    cluster_ca_certificate: { value: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', type: 'string' },
    admin_key: { value: planted('marked-output'), type: 'string', sensitive: true },
    backup_key_secret: { value: planted('contract-output'), type: 'string' },
    own_password: { value: planted('named-output'), type: 'string' },
    own_number: { value: 7, type: 'number' },
  },
  resources: [
    {
      ...resource('digitalocean_ssh_keys', 'all', {
        id: 'keys',
        ssh_keys: [{ name: 'anna', public_key: 'ssh-ed25519 AAAA' }],
      }),
      mode: 'data',
    },
    resource('digitalocean_vpc', 'vpc', { id: 'vpc-1', name: 'forge-production', ip_range: '10.110.0.0/20' }),
    resource('digitalocean_droplet', 'server_1', {
      id: '1001',
      name: 'forge-production-server-1',
      user_data: planted('user-data'),
    }),
    resource('digitalocean_spaces_key', 'snapshots', {
      name: 'snapshots',
      access_key: planted('access-key'),
      secret_key: planted('key'),
    }),
    resource('tls_private_key', 'ca', { algorithm: 'ECDSA', private_key_pem: privateKey, public_key_pem: 'public' }),
    resource('random_password', 'token', { length: 48, result: planted('result'), bcrypt_hash: planted('hash') }),
    resource(
      'terraform_data',
      'generation',
      {
        input: {
          value: { marked: planted('marked'), list: ['plain', planted('in-list')], open: 'visible' },
          type: ['object', { marked: 'string', list: ['tuple', ['string', 'string']], open: 'string' }],
        },
        // Terraform does not carry the marks of the input over to the output.
        output: {
          value: { copy: `prefix ${planted('marked')} suffix`, apiToken: planted('camel-case'), open: 'visible' },
          type: ['object', { copy: 'string', apiToken: 'string', open: 'string' }],
        },
        triggers_replace: { value: JSON.stringify({ nested: { password: planted('json') } }), type: 'string' },
      },
      [
        [attribute('input'), attribute('marked')],
        [attribute('input'), attribute('list'), index(1)],
      ],
    ),
    resource('example_changed', 'changed', { old_place: { inner: planted('moved') } }, [
      [attribute('old_place'), attribute('new_name'), attribute('deeper')],
    ]),
    resource('example_texts', 'texts', {
      file: `a file with ${privateKey} in it`,
      encoded: base64(`apiVersion: v1\nkind: Secret\n${privateKey}`),
      url: `https://user:${planted('url')}@example.org/`,
      kubeconfig_text: `users:\n- name: admin\n  user: {client-key-data: ${planted('kubeconfig')}}`,
      join: `K10${'0'.repeat(64)}::server:${planted('join')}`,
      odd: 'red\u001b[31m',
      map: { 'not-a-secret-name': 'visible', secret_name: 'visible too' },
    }),
    {
      ...resource('digitalocean_droplet', 'old', {}),
      instances: [
        { index_key: 0, attributes: { id: '1', user_data: planted('indexed') }, sensitive_attributes: [] },
        { index_key: 'b"c', attributes: { id: '2' }, sensitive_attributes: [], deposed: 'abcd1234' },
      ],
      module: 'module.pool',
    },
  ],
};

/** Reads the network stack's outputs, whose marks Terraform does not carry over. */
export const clusterState = {
  ...networkState,
  serial: 3,
  outputs: {
    webhook_secret: { value: planted('webhook'), type: 'string', sensitive: true },
    deploy_key: { value: 'ssh-ed25519 AAAAdeploy', type: 'string' },
  },
  resources: [
    {
      ...resource('terraform_remote_state', 'network', {
        backend: 's3',
        config: { value: { bucket: 'forge-state', key: STATE_KEYS.network }, type: 'dynamic' },
        outputs: {
          value: {
            api_address: '127.16.0.2',
            admin_key: planted('remote-output'),
            undeclared: planted('remote-undeclared'),
          },
          type: ['object', {}],
        },
      }),
      mode: 'data',
    },
    {
      ...resource('http', 'ready', { url: 'https://127.16.0.2:6443/readyz', response_body: planted('body') }),
      mode: 'data',
    },
    resource('kubernetes_secret_v1', 'token', {
      data: { token: planted('secret-data') },
      metadata: [{ name: 'digitalocean', annotations: { copied: planted('remote-output') } }],
    }),
    resource('helm_release', 'argocd', {
      chart: 'argo-cd',
      values: [`configs:\n  plain: ${planted('values')}`],
      metadata: [{ chart: 'argo-cd', values: JSON.stringify({ plain: planted('metadata') }) }],
    }),
  ],
};

export const LOCK = {
  ID: '5f2c0b9e-6d1a-4c35-9d0f-0a4b7e6d1c2f',
  Operation: 'OperationTypeApply',
  Info: '',
  Who: 'anna@laptop',
  Version: '1.11.4',
  Created: '2026-11-20T08:00:00.000000001Z',
  Path: `forge-state/${STATE_KEYS.network}`,
};
