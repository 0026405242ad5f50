/** Who answers at the address of a Kubernetes API. */
import type { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';

const TIMEOUT_MS = 2000;

/** @returns the certificate that is shown there, or undefined if nobody answers */
export function shownCertificate(host: string, port: number): Promise<X509Certificate | undefined> {
  return new Promise((resolve) => {
    // Trust is decided by the caller, who may know the authority only from its token.
    const socket = connect({ host, port, rejectUnauthorized: false, servername: '', timeout: TIMEOUT_MS });
    const settle = (certificate?: X509Certificate) => {
      socket.destroy();
      resolve(certificate);
    };
    socket.once('secureConnect', () => settle(socket.getPeerX509Certificate()));
    socket
      .once('error', () => settle())
      .once('timeout', () => settle())
      .once('close', () => settle());
  });
}
