/** The tls provider: real keys and certificates, made in the plan's apply and kept in the state. */
import { UNKNOWN } from '../protocol/values';
import {
  ProviderError,
  type PlanChange,
  type ProviderDefinition,
  type ResourceType,
  type ValueObject,
} from '../engine/resource';
import { providerSchema } from '../schema/schema';
import { certificateRequest, locallySigned, selfSigned, type Issued } from './certificate';
import { privateKey } from './private-key';
import { USAGES } from './usages';

const HOUR_MS = 3_600_000;

const ARGUMENTS = ['allowed_uses', 'validity_period_hours', 'early_renewal_hours'];
/** Keeps what was made once, until it is due. */
const CERTIFICATE = {
  validate,
  customizePlan: renewal,
  read: ({ state }: { state: ValueObject }): Promise<ValueObject> =>
    Promise.resolve(isDue(state) ? { ...state, ready_for_renewal: true } : state),
  update: ({ planned }: { planned: ValueObject }) => Promise.resolve(planned),
  delete: () => Promise.resolve(),
  defaults: { early_renewal_hours: 0, is_ca_certificate: false, set_subject_key_id: false },
  forceNew: ['allowed_uses', 'validity_period_hours', 'max_path_length', 'is_ca_certificate', 'set_subject_key_id'],
};

const selfSignedCert: ResourceType<null> = {
  ...CERTIFICATE,
  arguments: [
    ...ARGUMENTS,
    'private_key_pem',
    'subject',
    'is_ca_certificate',
    'set_subject_key_id',
    'set_authority_key_id',
  ],
  defaults: { ...CERTIFICATE.defaults, set_authority_key_id: false },
  forceNew: [...CERTIFICATE.forceNew, 'subject', 'private_key_pem', 'set_authority_key_id'],
  create: ({ planned }) => reported(selfSigned(planned)),
};

const locallySignedCert: ResourceType<null> = {
  ...CERTIFICATE,
  arguments: [...ARGUMENTS, 'ca_cert_pem', 'ca_private_key_pem', 'cert_request_pem'],
  forceNew: [...CERTIFICATE.forceNew, 'ca_cert_pem', 'ca_private_key_pem', 'cert_request_pem'],
  create: ({ planned }) => reported(locallySigned(planned)),
};

const certRequest: ResourceType<null> = {
  arguments: ['private_key_pem', 'subject'],
  forceNew: ['private_key_pem', 'subject'],
  create: ({ planned }) => reported(certificateRequest(planned)),
  read: ({ state }) => Promise.resolve(state),
  delete: () => Promise.resolve(),
};

const resources = {
  tls_private_key: privateKey,
  tls_self_signed_cert: selfSignedCert,
  tls_locally_signed_cert: locallySignedCert,
  tls_cert_request: certRequest,
};

export function tlsProvider(): ProviderDefinition<null> {
  return {
    schema: providerSchema('tls'),
    configure: () => null,
    resources,
    dataSources: {},
  };
}

function validate(config: ValueObject): void {
  for (const name of ['validity_period_hours', 'early_renewal_hours']) {
    const value = config[name];
    if (typeof value === 'number' && value < 0) {
      throw new ProviderError('Invalid number', 'It must be at least 0.', [name]);
    }
  }
  const uses = config['allowed_uses'];
  if (!Array.isArray(uses)) return;
  const unknown = (uses as unknown[]).filter((use) => typeof use === 'string' && !USAGES.includes(use));
  if (unknown.length > 0) throw new ProviderError('Invalid usage', `Unknown: ${unknown.join(', ')}`, ['allowed_uses']);
}

/** A certificate in its last `early_renewal_hours` is made again, at each apply if it never has more. */
function renewal({ prior, planned }: PlanChange): readonly string[] {
  const { early_renewal_hours: early, validity_period_hours: validity } = planned;
  const isReady = prior !== null && isDue({ ...prior, early_renewal_hours: early! });
  planned['ready_for_renewal'] = isReady ? UNKNOWN : Number(early) >= Number(validity);
  return isReady ? ['ready_for_renewal'] : [];
}

function isDue(state: ValueObject): boolean {
  const early = state['early_renewal_hours'];
  const end = Date.parse(state['validity_end_time'] as string);
  return Date.now() >= end - (typeof early === 'number' ? early : 0) * HOUR_MS;
}

async function reported(made: Promise<Issued>): Promise<ValueObject> {
  try {
    return await made;
  } catch (error) {
    throw new ProviderError('The certificate cannot be made', (error as Error).message);
  }
}
