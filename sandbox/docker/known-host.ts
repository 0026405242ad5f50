/** Has Argo CD know the sandbox's key of github.com beside the keys that its chart brings. */
import { stringify } from 'yaml';

const NAME = 'sandbox-github';

/**
 * In front of the others: of two keys of one kind Go's programs believe the first.
 *
 * @param publicKey as in known_hosts, without the name
 * @returns YAML that changes Argo CD's ConfigMap whenever somebody writes it
 */
export function knownHostObjects(publicKey: string): string {
  const line = `'github.com ${publicKey}\\n'`;
  const api = { apiVersion: 'admissionregistration.k8s.io/v1', metadata: { name: NAME } };
  const resource = {
    apiGroups: [''],
    apiVersions: ['v1'],
    resources: ['configmaps'],
    operations: ['CREATE', 'UPDATE'],
  };
  const policy = {
    ...api,
    kind: 'MutatingAdmissionPolicy',
    spec: {
      matchConstraints: { resourceRules: [resource] },
      matchConditions: [
        {
          name: 'known-hosts-of-argo-cd',
          expression: "object.metadata.namespace == 'argocd' && object.metadata.name == 'argocd-ssh-known-hosts-cm'",
        },
        { name: 'not-there-yet', expression: `!object.data['ssh_known_hosts'].startsWith(${line})` },
      ],
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      mutations: [
        {
          patchType: 'JSONPatch',
          jsonPatch: {
            expression: `[JSONPatch{op: 'replace', path: '/data/ssh_known_hosts', value: ${line} + object.data['ssh_known_hosts']}]`,
          },
        },
      ],
    },
  };
  const binding = { ...api, kind: 'MutatingAdmissionPolicyBinding', spec: { policyName: NAME } };
  return [policy, binding].map((object) => stringify(object)).join('---\n');
}
