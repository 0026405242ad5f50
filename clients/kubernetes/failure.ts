/** What went wrong with the Kubernetes API, in words that say what to do. */
import { CommandFailure, type FailureDetails } from '../failure';

/** A call failed. */
export class KubernetesFailure extends CommandFailure {
  override readonly name = 'KubernetesFailure';
  /** In the API server's own words. */
  readonly reason: string;

  constructor(message: string, { reason, ...details }: FailureDetails & { readonly reason: string }) {
    super(message, details);
    this.reason = reason;
  }
}

/** What was asked of whom. */
export interface Call {
  /** URL. */
  readonly server: string;
  readonly method: string;
  readonly path: string;
}

/** Node's names of a connection that was never made; a firewall that drops packets looks like a time-out. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ECONNRESET',
  'EPIPE',
]);

/** Node's names of a TLS server that is not the one whose authority we know. */
const STRANGER = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** There was no answer. */
export function noAnswer(error: unknown, { server, method, path }: Call): KubernetesFailure {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const details = { reason: message, cause: error };
  const call = `${method} ${path}`;
  if (STRANGER.has(code)) {
    return new KubernetesFailure(
      `The server at ${server} is not the cluster that these certificates are of (${call}: ${message}).\n` +
        'Was the cluster made anew? Then get a new kubeconfig: npx forge kubeconfig',
      details,
    );
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return new KubernetesFailure(
      `The certificate of the Kubernetes API at ${server} has expired (${call}).\n` +
        'k3s renews it when it starts: restart the servers, docs/status.md, "Certificates of k3s"',
      details,
    );
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_OSSL')) {
    return new KubernetesFailure(
      `The Kubernetes API at ${server} broke the TLS connection (${call}: ${message}).\n` +
        'The certificate may have expired; a deploy renews it, then: npx forge kubeconfig',
      details,
    );
  }
  const advice = UNREACHABLE.has(code)
    ? 'The API is normally closed. Open it for your address with: npx forge access open\n' +
      'If this is the sandbox: npx forge sandbox status'
    : 'Check the address and the certificates; a new kubeconfig: npx forge kubeconfig';
  return new KubernetesFailure(
    `The Kubernetes API at ${server} does not answer (${call}: ${message}).\n${advice}`,
    details,
  );
}

/** The answer was a refusal. @param text its body */
export function refusal(status: number, text: string, { server, method, path }: Call): KubernetesFailure {
  const reason = messageOf(text) ?? `status ${status}`;
  const first = `The Kubernetes API at ${server} refused ${method} ${path}: ${reason}`;
  const advice: Record<number, string> = {
    401: 'It does not accept the certificate. It may have expired; a deploy renews it, then: npx forge kubeconfig',
    403: 'The certificate does not have this right. The admin has it: leave out --kubeconfig, or: npx forge kubeconfig --admin',
    404: 'The API server does not know this kind: what defines it was not installed yet.',
    429: 'It has too much to do. Try again in a minute.',
    503: 'It is starting, or ending. Try again in a minute.',
  };
  return new KubernetesFailure([first, advice[status]].filter((line) => line !== undefined).join('\n'), {
    reason,
    status,
  });
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
