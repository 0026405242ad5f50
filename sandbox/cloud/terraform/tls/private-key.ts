import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { parsePrivateKey } from 'sshpk';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';

/** tls_private_key: EC keys in SEC1, RSA keys in PKCS#1, as the real provider writes them. */
export const privateKey: ResourceType<null> = {
  arguments: ['algorithm', 'ecdsa_curve', 'rsa_bits'],
  defaults: { ecdsa_curve: 'P224', rsa_bits: 2048 },
  forceNew: ['algorithm', 'ecdsa_curve', 'rsa_bits'],
  validate: (config) => {
    refuseOthers(config, 'algorithm', ['RSA', 'ECDSA', 'ED25519']);
    refuseOthers(config, 'ecdsa_curve', ['P256']);
  },
  create: async ({ planned }) => {
    const key = await generate(planned);
    const pem = pemOf(key);
    const publicPem = createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
    return {
      id: createHash('sha1').update(publicPem).digest('hex'),
      private_key_pem: pem,
      private_key_pem_pkcs8: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      public_key_pem: publicPem,
      ...openSshForms(pem),
    };
  },
  read: ({ state }) => Promise.resolve(state),
  delete: () => Promise.resolve(),
};

function refuseOthers(config: ValueObject, name: string, accepted: readonly string[]): void {
  const value = config[name];
  if (typeof value !== 'string' || accepted.includes(value)) return;
  throw new ProviderError(`Invalid ${name}`, `It must be one of ${accepted.join(', ')}.`, [name]);
}

async function generate(planned: ValueObject): Promise<KeyObject> {
  const make = promisify(generateKeyPair);
  if (planned['algorithm'] === 'RSA') {
    return (await make('rsa', { modulusLength: planned['rsa_bits'] as number })).privateKey;
  }
  if (planned['algorithm'] === 'ED25519') return (await make('ed25519')).privateKey;
  return (await make('ec', { namedCurve: 'prime256v1' })).privateKey;
}

function pemOf(key: KeyObject): string {
  const type = ({ rsa: 'pkcs1', ec: 'sec1', ed25519: 'pkcs8' } as const)[
    key.asymmetricKeyType as 'rsa' | 'ec' | 'ed25519'
  ];
  return key.export({ type, format: 'pem' }).toString();
}

function openSshForms(pem: string): ValueObject {
  const key = parsePrivateKey(pem, 'pem');
  key.comment = '';
  const publicKey = key.toPublic();
  return {
    private_key_openssh: key.toString('ssh-private'),
    public_key_openssh: `${publicKey.toString('ssh')}\n`,
    public_key_fingerprint_md5: publicKey.fingerprint('md5').toString('hex'),
    public_key_fingerprint_sha256: publicKey.fingerprint('sha256').toString(),
  };
}
