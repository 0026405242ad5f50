/** What went wrong with Spaces, in words that say what to do. */
import { CommandFailure, type FailureDetails } from '../failure';

export class SpacesFailure extends CommandFailure {
  override readonly name = 'SpacesFailure';
  /** The S3 API's name of the error, such as `NoSuchKey`. */
  readonly code: string | undefined;

  constructor(message: string, { code, ...details }: FailureDetails & { readonly code?: string } = {}) {
    super(message, details);
    this.code = code;
  }
}

interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

interface Place {
  readonly endpoint: string;
  readonly bucket: string;
}

/** Node's names of failures to reach a server, and the SDK's own. */
const UNREACHABLE = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  'TimeoutError',
];

/** Turns an error of the SDK into one for the person. */
export function explain(error: unknown, place: Place): SpacesFailure {
  const { name = 'Error', message = '', code, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  const text = unreachable([name, code], message, place) ?? advice(name, place) ?? byStatus(status, place);
  return new SpacesFailure(text ?? `Spaces at ${place.endpoint} failed: ${name}: ${message}`, {
    code: name,
    status,
    cause: error,
  });
}

function unreachable(names: readonly (string | undefined)[], message: string, { endpoint }: Place): string | undefined {
  // The SDK wraps some errors and keeps their names in the message only.
  const texts = [...names, message];
  if (!UNREACHABLE.some((name) => texts.some((text) => text?.includes(name)))) return undefined;
  return (
    `Spaces does not answer at ${endpoint} (${message || names.join(' ')}).\n` +
    'Check the network; if this is the sandbox: npx forge sandbox status'
  );
}

function advice(name: string, { endpoint, bucket }: Place): string | undefined {
  switch (name) {
    case 'NoSuchBucket':
      return `There is no bucket ${bucket} at ${endpoint}. Make it with: npx forge bootstrap`;
    case 'InvalidAccessKeyId':
      return `Spaces at ${endpoint} does not know the key in SPACES_ACCESS_KEY_ID. It may have been deleted.`;
    case 'SignatureDoesNotMatch':
      return 'SPACES_SECRET_ACCESS_KEY is not the secret of the key in SPACES_ACCESS_KEY_ID.';
    case 'RequestTimeTooSkewed':
      return "This machine's clock is more than 15 minutes wrong: Spaces refuses what it signs. Set the clock.";
    default:
      return undefined;
  }
}

function byStatus(status: number | undefined, { endpoint, bucket }: Place): string | undefined {
  if (status === 404) return `There is no bucket ${bucket} at ${endpoint}. Make it with: npx forge bootstrap`;
  if (status !== 403) return undefined;
  return (
    `The key in SPACES_ACCESS_KEY_ID may not do this with the bucket ${bucket} at ${endpoint}.\n` +
    'Reading the state needs read access to the bucket, unlocking and deploys need read and write, forge bootstrap needs full access.'
  );
}
