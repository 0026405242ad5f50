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

const words = (text: string) => text.trim().split(/\s+/).join('|');
const SECRET_WORDS = words(`
  passwords secrets tokens auths authorization cookie cookies kubeconfig kube_config user_data dockerconfigjson
  connection_string connectionstring sessionid jsessionid pre_shared_key sas_signature amz_signature
  plaintext_value encrypted_value set_sensitive jwt id_rsa id_ed25519 id_ecdsa
`);
/** What a key may be for when it is no public one. */
const KEYS = words(`
  private client secret api auth signing encryption access account master shared preshared license session app admin
  subscription tls ca server join age hmac webhook
`);
/** Names often have these at their end without anything between: `PGPASSWORD`. */
const ENDINGS = words(`
  password passwd passphrase secret token credential credentials apikey authkey accesskey secretkey privatekey accountkey
`);
const SECRET_NAME = new RegExp(
  `(^|_)(${SECRET_WORDS}|(${KEYS})_key|[a-z0-9]*(${ENDINGS}))(_|$)|(^|_)(pass|pw|pwd|psk)$|^redis(cli)?_auth$`,
);
/** `secret_name`, `password_length`, `token_expiry` are about a secret. */
const ABOUT = words(`
  name names namespace namespaces revision version versions length type types kind algorithm expiry expiration expires
  ttl lifetime enabled required ref refs url uri path file policy policies rotation count mode format store provider
  class domain secure issuer audience scope scopes endpoint prefix age days seconds minutes hours period id ids username user at in
`);
const ABOUT_A_SECRET = new RegExp(
  `_(${ABOUT})$|(^|_)(password|token)_polic(y|ies)_|(^|_)existing_secret$|(^|_)max_tokens$|(^|_)tokens_per_`,
);

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
