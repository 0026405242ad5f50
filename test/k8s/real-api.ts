/** A real API server with two workers, and kubectl for people with certificates of the cluster. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argoCdCrds } from '#sandbox/toolchain/argo-cd-crds';
import { operatorNames, OPERATORS_GROUP } from '#config/people';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { plot } from '../sandbox/cluster/droplets';
import { kubectlWith, type Kubectl } from '../sandbox/cluster/kubectl';
import { pkiFiles } from '../sandbox/cluster/k3s/pki-files';
import { accessTo, eventually, forwardApi, openSandbox } from '../sandbox/cluster/running-sandbox';
import { K8S } from './manifests';

export interface RealApi {
  /** With all rights. */
  readonly endpoint: KubernetesAccess;
  /** For files of a test. */
  readonly folder: string;
  /** With a certificate of the cluster's authority. */
  certified(commonName: string, organization: string): Promise<KubernetesAccess>;
  /** kubectl with the rights of a group, or of an operator that forge.yaml does not name. */
  as(group: string): Promise<Kubectl>;
  /** Of the first server. */
  auditLog(): string;
}

const UNNAMED_OPERATOR = operatorNames({ operators: [] })[0];
const AUDIT_LOG = 'var/lib/rancher/k3s/server/logs/audit.log';
const NAMESPACES = ['argocd', 'traefik', 'cert-manager', 'system-upgrade', 'kured'];

/** Ends with the tests of the file. */
export async function startRealApi(): Promise<RealApi> {
  const cluster = plot(await pkiFiles());
  const sandbox = await openSandbox();
  await sandbox.runtime.boot(cluster.server(1));
  for (const worker of [1, 2]) await sandbox.runtime.boot(cluster.worker(worker));
  await forwardApi(sandbox, cluster, 1);
  await sandbox.settled();
  const certified = (commonName: string, organization: string) =>
    accessTo(cluster, cluster.apiAddress, 6443, { commonName, organization });
  const as = async (organization: string) => {
    const endpoint = await certified(organization === OPERATORS_GROUP ? UNNAMED_OPERATOR : 'tester', organization);
    return kubectlWith(endpoint, join(sandbox.folder, `${organization.replace(/\W/g, '-')}.kubeconfig`));
  };
  const endpoint = await accessTo(cluster, cluster.apiAddress, 6443);
  const auditLog = () => readFileSync(join(sandbox.folder, 'droplets', `${cluster.server(1).id}`, AUDIT_LOG), 'utf8');
  return { endpoint, folder: sandbox.folder, certified, as, auditLog };
}

/** Makes the kinds of Argo CD and of the add-ons known, and the namespaces in which the layers have objects. */
export async function defineKinds(kubectl: Kubectl): Promise<void> {
  const files = [...(await argoCdCrds({ progress: () => undefined })), ...addOnCrds()].flatMap((file) => ['-f', file]);
  for (const namespace of NAMESPACES) await kubectl(['create', 'namespace', namespace]);
  const { code, stderr } = await kubectl(['apply', '--server-side', ...files]);
  if (code !== 0) throw new Error(stderr);
  // It fails at once for a definition without any condition yet.
  const wait = ['wait', '--for=condition=Established', '--timeout=5s', ...files];
  await eventually(async () => (await kubectl(wait)).code === 0);
}

function addOnCrds(): string[] {
  return [
    join(__dirname, '../../sandbox/standins/cert-manager/templates/crds.yaml'),
    join(__dirname, '../../sandbox/standins/traefik/templates/crds.yaml'),
    join(K8S, 'components/system-upgrade-controller/crd.yaml'),
  ];
}
