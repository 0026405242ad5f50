/**
 * What cert-manager makes beside an Ingress to answer an HTTP-01 challenge, with all that quota and Pod Security judge:
 * pkg/issuer/acme/http/{pod,service,ingress}.go and internal/apis/config/controller/v1alpha1/defaults.go of v1.21. Names
 * end in a hash instead of a generated part, so that a refusal reads the same at each attempt.
 */
import type { KubernetesObject } from '#clients/kubernetes/object';
import { numberOf, type Challenge } from './acme-challenge';
import { INGRESSES, PODS, SERVICES } from './api-paths';

export interface SolverObject {
  readonly collection: string;
  readonly object: KubernetesObject;
}

const PORT = 8089;
export const SOLVER_LABEL = 'acme.cert-manager.io/http01-solver';
export const SOLVER_RESOURCES = {
  requests: { cpu: '10m', memory: '64Mi' },
  limits: { cpu: '100m', memory: '64Mi' },
} as const;

/** @param version of cert-manager, with the v */
export function solverFor(challenge: Challenge, version: string): Record<'pod' | 'service' | 'ingress', SolverObject> {
  const { name, namespace, uid } = challenge.metadata;
  const { dnsName, token, solver } = challenge.spec;
  const { ingressClassName, serviceType = 'NodePort' } = solver.http01.ingress;
  const labels = {
    'acme.cert-manager.io/http-domain': numberOf(dnsName),
    'acme.cert-manager.io/http-token': numberOf(token),
    [SOLVER_LABEL]: 'true',
  };
  const owner = { apiVersion: 'acme.cert-manager.io/v1', kind: 'Challenge', name, uid };
  const metadata = {
    name: `cm-acme-http-solver-${numberOf(uid)}`,
    namespace,
    labels,
    ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
  };
  const service = { name: metadata.name, port: { number: PORT } };
  const path = { path: `/.well-known/acme-challenge/${token}`, pathType: 'Exact', backend: { service } };
  return {
    pod: {
      collection: PODS,
      object: { apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec(challenge, version) },
    },
    service: {
      collection: SERVICES,
      object: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { type: serviceType, ports: [{ name: 'http', port: PORT, targetPort: PORT }], selector: labels },
      },
    },
    ingress: {
      collection: INGRESSES,
      object: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata,
        spec: { ingressClassName, rules: [{ host: dnsName, http: { paths: [path] } }] },
      },
    },
  };
}

function podSpec({ spec: { dnsName, token, key } }: Challenge, version: string): object {
  return {
    automountServiceAccountToken: false,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    restartPolicy: 'OnFailure',
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'acmesolver',
        image: `quay.io/jetstack/cert-manager-acmesolver:${version}`,
        args: [`--listen-port=${PORT}`, `--domain=${dnsName}`, `--token=${token}`, `--key=${key}`],
        resources: SOLVER_RESOURCES,
        ports: [{ name: 'http', containerPort: PORT }],
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}
