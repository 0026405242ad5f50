import { promise, type Operation } from '../operation';
import type { Tour } from '../tour';

interface Node {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly addresses: readonly { readonly type: string; readonly address: string }[] };
}

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
/** It has bash, and needs nobody but the name service. */
const POD = 'postgres-0';
/** How long it tries, in seconds. */
const PATIENCE = 3;

export const networkRules: Operation = {
  title: 'Try the ways out of a pod that its network rules close',
  page: 'security.md',
  on: 'containers',
  run: async (tour) => {
    const nodes = await tour.cluster.api.list<Node>('/api/v1/nodes');
    const [server] = nodes.filter(({ metadata }) => CONTROL_PLANE in metadata.labels).map(internalAddress);
    const [worker] = nodes.filter(({ metadata }) => !(CONTROL_PLANE in metadata.labels)).map(internalAddress);
    promise(await opens(tour, 'kube-dns.kube-system.svc', 53), 'The pod of Postgres does not reach the name service');
    tour.tell('kubernetes', 'the pod of Postgres reaches the name service');
    const closed = [
      ['the Kubernetes API', 'kubernetes.default.svc', 443],
      ['the API in the VPC', server!, 6443],
      ['a kubelet in the VPC', worker!, 10250],
      ['the metadata address', '169.254.169.254', 80],
    ] as const;
    for (const [what, address, port] of closed) {
      promise(!(await opens(tour, address, port)), `The pod of Postgres reaches ${what}, ${address}:${port}`);
      tour.tell('kubernetes', `it does not reach ${what}, ${address}:${port}`);
    }
  },
};

function internalAddress({ status }: Node): string {
  return status.addresses.find(({ type }) => type === 'InternalIP')!.address;
}

async function opens({ kubectl }: Tour, address: string, port: number): Promise<boolean> {
  const attempt = `timeout ${PATIENCE} bash -c ': < /dev/tcp/${address}/${port}' 2>/dev/null && echo open || echo closed`;
  const { text } = await kubectl(['-n', 'rt', 'exec', POD, '-c', 'postgres', '--', 'sh', '-c', attempt]);
  const said = text.trim().split('\n').at(-1);
  promise(said === 'open' || said === 'closed', `The pod of Postgres runs no command: ${text}`);
  return said === 'open';
}
