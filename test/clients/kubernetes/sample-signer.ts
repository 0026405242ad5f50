/** Answers a sample API gives to whoever wants a certificate: it is signed once it was approved. Real: test/k8s/people.test.ts. */
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import type { Answer, Asked } from './sample-api';

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

export interface Signed {
  /** `O=group, CN=user` */
  readonly subject: string;
  readonly days: number;
}

export interface SampleSigner {
  /** In the order in which they were approved. */
  readonly signed: readonly Signed[];
  answer(asked: Asked): Answer;
}

/** What stands for the certificate is its subject. */
export function sampleSigner(): SampleSigner {
  const wanted = new Map<string, Signed>();
  const signed: Signed[] = [];
  return {
    signed,
    answer({ method, path, body }) {
      if (method === 'POST' && path === REQUESTS) {
        const { request, expirationSeconds } = body!['spec'] as { request: string; expirationSeconds: number };
        const { subject } = new Pkcs10CertificateRequest(Buffer.from(request, 'base64').toString());
        wanted.set(body!['metadata'].name as string, { subject, days: expirationSeconds / 86_400 });
        return { status: 201, body: {} };
      }
      const [, name = '', approval] = /certificatesigningrequests\/([^/]+)(\/approval)?$/.exec(path) ?? [];
      const one = wanted.get(name);
      if (one === undefined) return { body: 'ok' };
      if (approval !== undefined) signed.push(one);
      const certificate = Buffer.from(`certificate of ${one.subject}`).toString('base64');
      return { body: { status: signed.includes(one) ? { certificate } : {} } };
    },
  };
}
