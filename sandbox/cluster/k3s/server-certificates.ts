/** The certificates of a server's programs, made from the cluster's authorities at its start. File names are k3s'. */
import type { DropletDisk } from '../droplet/droplet-disk';
import type { ServerSettings } from './k3s-settings';
import { issueLeaf, type Leaf } from './leaf-certificate';
import { TLS_FOLDER, type AuthorityName, type Pki } from './pki';
import { firstServiceAddress } from './service-address';

/** Paths on this machine. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

interface Plan extends Leaf {
  readonly file: string;
  readonly authority: AuthorityName;
}

const MASTERS = 'system:masters';

/** What every server needs, by a name for the program that uses it. */
function plans(settings: ServerSettings, publicAddress: string) {
  const { nodeName, nodeIp, clusterDomain } = settings;
  const etcdNames = ['localhost', '127.0.0.1', nodeName, nodeIp, publicAddress];
  const client = (file: string, commonName: string, organization?: string): Plan => ({
    file,
    authority: 'client-ca',
    usages: ['client'],
    commonName,
    ...(organization === undefined ? {} : { organization }),
  });
  const kubernetes = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${clusterDomain}`,
  ];
  return {
    apiServer: {
      file: 'serving-kube-apiserver',
      authority: 'server-ca',
      usages: ['server'],
      commonName: 'kube-apiserver',
      names: [
        ...kubernetes,
        'localhost',
        '127.0.0.1',
        '::1',
        nodeName,
        nodeIp,
        settings.advertiseAddress,
        firstServiceAddress(settings.serviceCidr),
        ...settings.tlsSans,
      ],
    },
    kubelets: client('client-kube-apiserver', 'system:apiserver', MASTERS),
    frontProxy: { ...client('client-auth-proxy', 'system:auth-proxy'), authority: 'request-header-ca' },
    admin: client('client-admin', 'system:admin', MASTERS),
    controllerManager: client('client-controller', 'system:kube-controller-manager'),
    scheduler: client('client-scheduler', 'system:kube-scheduler'),
    // etcd's JSON gateway calls etcd itself with the server's certificate.
    etcdServer: {
      file: 'etcd/server-client',
      authority: 'etcd/server-ca',
      usages: ['server', 'client'],
      commonName: 'etcd-server',
      names: etcdNames,
    },
    etcdPeer: {
      file: 'etcd/peer-server-client',
      authority: 'etcd/peer-ca',
      usages: ['server', 'client'],
      commonName: 'etcd-peer',
      names: etcdNames,
    },
    etcdClient: { file: 'etcd/client', authority: 'etcd/server-ca', usages: ['client'], commonName: 'etcd-client' },
  } satisfies Record<string, Plan>;
}

export type ServerCertificates = Readonly<Record<keyof ReturnType<typeof plans>, CertificateFiles>>;

/** Makes them all and writes them to the droplet's disk. */
export async function issueServerCertificates(
  disk: DropletDisk,
  pki: Pki,
  settings: ServerSettings,
  publicAddress: string,
): Promise<ServerCertificates> {
  const issued = await Promise.all(
    Object.entries(plans(settings, publicAddress)).map(async ([name, plan]) => {
      const path = `${TLS_FOLDER}/${plan.file}`;
      const authority = pki.authorities[plan.authority];
      const { certificate, key } = await issueLeaf(authority, plan);
      disk.write(`${path}.crt`, `${certificate}${authority.pem}`);
      disk.write(`${path}.key`, key);
      return [name, { certificate: disk.at(`${path}.crt`), key: disk.at(`${path}.key`) }] as const;
    }),
  );
  return Object.fromEntries(issued) as ServerCertificates;
}
