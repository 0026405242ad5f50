/** Does what configure-node.sh does on a real droplet: writes the settings that only the running machine knows. */
import type { DropletDisk } from '../droplet/droplet-disk';
import { providerId } from '../nodes/node-object';
import type { MachineOrder } from '#sandbox/cloud/machines';

const FILE = '/etc/rancher/k3s/config.yaml.d/10-node.yaml';

export function writeNodeSettings(disk: DropletDisk, droplet: MachineOrder, role: 'server' | 'agent'): void {
  const lines = [
    `node-name: ${droplet.name}-${droplet.id}`,
    `node-ip: ${droplet.privateAddress}`,
    'kubelet-arg+:',
    `  - provider-id=${providerId(droplet.id)}`,
    ...(role === 'server' ? [`advertise-address: ${droplet.privateAddress}`] : []),
  ];
  disk.write(FILE, `${lines.join('\n')}\n`);
}
