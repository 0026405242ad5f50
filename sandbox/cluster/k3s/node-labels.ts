/** Labels and taints with which a kubelet registers its node, and what it refuses among them. */
import { BootFailure } from '../boot-failure';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** A kubelet dies with any other label in the namespaces of Kubernetes. Source: kubelet reference, --node-labels. */
const KUBELET_NAMESPACES = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const KUBELET_LABELS = [
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'kubernetes.io/arch',
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
];

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** @throws BootFailure for a label that a kubelet or the API server would refuse */
export function nodeLabels(items: readonly string[]): Record<string, string> {
  return Object.fromEntries(items.map(nodeLabel));
}

function nodeLabel(item: string): [string, string] {
  const [key = '', value = '', ...rest] = item.split('=');
  if (!KEY.test(key) || rest.length > 0 || (value !== '' && !NAME.test(value))) {
    throw new BootFailure(`node-label "${item}" is not key=value as Kubernetes writes labels.`);
  }
  const namespace = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  if (!/(^|\.)(kubernetes|k8s)\.io$/.test(namespace) || KUBELET_LABELS.includes(key)) return [key, value];
  if (KUBELET_NAMESPACES.some((allowed) => namespace === allowed || namespace.endsWith(`.${allowed}`)))
    return [key, value];
  throw new BootFailure(
    `The kubelet refuses the node-label "${key}": a node may not give itself labels of ${namespace}.`,
  );
}

/** @throws BootFailure for a taint that a kubelet would refuse */
export function nodeTaints(items: readonly string[]): Taint[] {
  return items.map((item) => {
    const [, key = '', value = '', effect = ''] =
      /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(item) ?? [];
    if (!KEY.test(key) || (value !== '' && !NAME.test(value))) {
      throw new BootFailure(
        `node-taint "${item}" is not key=value:Effect with NoSchedule, PreferNoSchedule or NoExecute.`,
      );
    }
    return { key, effect, ...(value === '' ? {} : { value }) };
  });
}
