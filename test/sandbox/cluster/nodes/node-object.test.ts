import { nodeResources } from '#sandbox/cluster/nodes/node-object';

const size = { slug: 's-2vcpu-4gb', vcpus: 2, memoryMiB: 4096, diskGiB: 80 };

describe('what a node has for pods', () => {
  it('is its droplet, less what a kubelet keeps free', () => {
    expect(nodeResources(size, new Map())).toEqual({
      capacity: { cpu: '2', memory: '4096Mi', 'ephemeral-storage': '85899345920', pods: '110' },
      allocatable: { cpu: '2000m', memory: '3996Mi', 'ephemeral-storage': '77309411328', pods: '110' },
    });
  });

  it('is less what the kubelet’s flags reserve', () => {
    const flags = {
      'system-reserved': 'cpu=200m,memory=300Mi,pid=100',
      'kube-reserved': 'cpu=1,memory=1Gi',
      'max-pods': '50',
    };
    const { capacity, allocatable } = nodeResources(size, new Map(Object.entries(flags)));
    expect(capacity).toMatchObject({ cpu: '2', memory: '4096Mi', pods: '50' });
    expect(allocatable).toMatchObject({ cpu: '800m', memory: '2672Mi', pods: '50' });
  });

  it('cannot be told from reservations that a kubelet would not understand', () => {
    expect(() => nodeResources(size, new Map([['kube-reserved', 'cpu=much']]))).toThrow('"cpu=much" is not understood');
  });
});
