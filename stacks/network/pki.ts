/** The certificate authorities that k3s starts from, and the administrator's certificate made with them. */
import { Construct } from 'constructs';
import { replacedByGeneration } from '../generation';
import { CertRequest } from '../../.gen/providers/tls/cert-request/index';
import { LocallySignedCert } from '../../.gen/providers/tls/locally-signed-cert/index';
import { PrivateKey } from '../../.gen/providers/tls/private-key/index';
import { SelfSignedCert } from '../../.gen/providers/tls/self-signed-cert/index';

const HOURS_PER_DAY = 24;
const AUTHORITY_VALIDITY_HOURS = 10 * 365 * HOURS_PER_DAY;
const CLIENT_VALIDITY_HOURS = 365 * HOURS_PER_DAY;
/** A deploy in the last 60 days of a client certificate renews it. */
const CLIENT_RENEWAL_HOURS = 60 * HOURS_PER_DAY;

/** Name in Terraform, file name under k3s' `server/tls`, common name. */
const AUTHORITIES = [
  { id: 'server-ca', file: 'server-ca' },
  { id: 'client-ca', file: 'client-ca' },
  { id: 'request-header-ca', file: 'request-header-ca' },
  { id: 'etcd-server-ca', file: 'etcd/server-ca' },
  { id: 'etcd-peer-ca', file: 'etcd/peer-ca' },
] as const;

type AuthorityId = (typeof AUTHORITIES)[number]['id'];

interface Authority {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate and its private key, PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** A file that k3s takes over at the first start of the first server. */
export interface PkiFile {
  /** Relative to `/var/lib/rancher/k3s/server/tls`. */
  readonly path: string;
  readonly pem: string;
}

/** Who a client certificate speaks for: Kubernetes takes the user from the common name, the group from the organization. */
export interface ClientSubject {
  readonly commonName: string;
  readonly organization: string;
}

export class ClusterPki extends Construct {
  private readonly authorities: ReadonlyMap<AuthorityId, Authority>;
  private readonly serviceAccountKey: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.authorities = new Map(AUTHORITIES.map((authority) => [authority.id, this.authority(authority.id)]));
    // RSA in PKCS#1: the API server reads an EC service account key in SEC1 only, and k3s hands the file on as it is.
    this.serviceAccountKey = new PrivateKey(this, 'service', { algorithm: 'RSA', rsaBits: 2048 }).privateKeyPem;
  }

  /** Signs the API server's certificate. Its bytes are also what the hash in a k3s token is made of. */
  get serverCaCertificate(): string {
    return this.find('server-ca').certificate;
  }

  /** All eleven files. With some missing k3s would start all the same, with authorities that nobody else knows. */
  files(): readonly PkiFile[] {
    const pairs = AUTHORITIES.flatMap(({ id, file }) => [
      { path: `${file}.crt`, pem: this.find(id).certificate },
      { path: `${file}.key`, pem: this.find(id).key },
    ]);
    return [...pairs, { path: 'service.key', pem: this.serviceAccountKey }];
  }

  /** A client certificate for the API, one year long. @param generation raising it makes another key and certificate */
  clientCertificate(id: string, subject: ClientSubject, generation?: number): ClientCertificate {
    const authority = this.find('client-ca');
    const lifecycle = generation === undefined ? {} : replacedByGeneration(this, generation, `${id}-generation`);
    const key = new PrivateKey(this, `${id}-key`, { algorithm: 'ECDSA', ecdsaCurve: 'P256', lifecycle });
    const request = new CertRequest(this, `${id}-request`, {
      privateKeyPem: key.privateKeyPem,
      subject: [{ ...subject }],
    });
    const signed = new LocallySignedCert(this, id, {
      certRequestPem: request.certRequestPem,
      caCertPem: authority.certificate,
      caPrivateKeyPem: authority.key,
      allowedUses: ['digital_signature', 'key_encipherment', 'client_auth'],
      validityPeriodHours: CLIENT_VALIDITY_HOURS,
      earlyRenewalHours: CLIENT_RENEWAL_HOURS,
    });
    return { certificate: signed.certPem, key: key.privateKeyPem };
  }

  private authority(id: AuthorityId): Authority {
    const key = new PrivateKey(this, `${id}-key`, { algorithm: 'ECDSA', ecdsaCurve: 'P256' });
    const certificate = new SelfSignedCert(this, id, {
      privateKeyPem: key.privateKeyPem,
      subject: [{ commonName: `k3s-${id}` }],
      isCaCertificate: true,
      // k3s renews a leaf whose authority key id is not its authority's subject key id.
      setSubjectKeyId: true,
      setAuthorityKeyId: true,
      allowedUses: ['digital_signature', 'key_encipherment', 'cert_signing'],
      validityPeriodHours: AUTHORITY_VALIDITY_HOURS,
    });
    return { certificate: certificate.certPem, key: key.privateKeyPem };
  }

  private find(id: AuthorityId): Authority {
    const authority = this.authorities.get(id);
    if (authority === undefined) throw new Error(`no authority ${id}`);
    return authority;
  }
}
