/** Attributes that are secret by what they are, whether or not a provider's schema says so. */

/** By resource type, from the providers' documentation: what holds secrets under a name that does not tell. */
const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  github_actions_environment_secret: ['encrypted_value', 'plaintext_value'],
  github_actions_secret: ['encrypted_value', 'plaintext_value'],
  // Values may be given in any of these, and the provider copies all of them into metadata.
  helm_release: ['values', 'set', 'set_list', 'set_sensitive', 'set_wo', 'manifest'],
  http: ['request_headers', 'request_body', 'response_body', 'response_body_base64', 'response_headers', 'body'],
  kubernetes_secret: ['data', 'binary_data'],
  kubernetes_secret_v1: ['data', 'binary_data', 'data_wo', 'binary_data_wo'],
  random_password: ['result', 'bcrypt_hash'],
};

const SECRET_WORDS = [
  ...[
    'password',
    'passwd',
    'passphrase',
    'secret',
    'secrets',
    'token',
    'tokens',
    'credential',
    'credentials',
    'authorization',
  ],
  'private_key',
  'client_key',
  'secret_key',
  'api_key',
  'auth_key',
  'signing_key',
  'encryption_key',
  'access_key',
  'user_data',
  'kubeconfig',
  'kube_config',
  'dockerconfigjson',
].join('|');
const SECRET_NAME = new RegExp(`(^|_)(${SECRET_WORDS})(_|$)`);
/** `secret_name`, `password_length`, `token_expiry` are about a secret. */
const ABOUT_A_SECRET = /_(name|names|namespace|revision|version|length|type|algorithm|expiry|enabled|ref|url)$/;

/** Whether a name says that its value is a secret; `apiToken`, `api-token` and `api_token` are the same. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
  return SECRET_NAME.test(words) && !ABOUT_A_SECRET.test(words);
}

/** @param name of an attribute, at any depth */
export function isSecretAttribute(type: string, name: string): boolean {
  return (BY_TYPE[type] ?? []).includes(name) || isSecretName(name);
}
