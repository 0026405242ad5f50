/** A worker: joins the cluster with its token and becomes a Node. */
import type { BootstrapSettings } from '../k3s/bootstrap-settings';
import { BootFailure } from '../boot-failure';
import { becomeNode } from './node-boot';
import { joinCluster } from './join-cluster';
import { readAgentSettings } from '../k3s/k3s-settings';
import { toolPath, type BootedNode, type Machine, type Datacenter } from '../machine';
import { nodeObject } from '../nodes/node-object';
import { awaitServers } from '../nodes/version-skew';
import { writeNodeSettings } from './node-settings';
import { runUnitsAfterK3s } from '../droplet/unit-commands';

/** The one program has kubectl in it, which is all that a worker's scripts want of it. */
const K3S = '/usr/local/bin/k3s';

export async function bootWorker(
  machine: Machine,
  datacenter: Datacenter,
  bootstrap: BootstrapSettings,
): Promise<BootedNode> {
  const { droplet, disk } = machine;
  if (!disk.has(K3S)) await install(machine, datacenter);
  writeNodeSettings(disk, droplet, 'agent');
  const settings = readAgentSettings(disk);
  if (settings.server?.host !== bootstrap.apiAddress) {
    throw new BootFailure(`k3s is told to join ${settings.server?.host}, but API_ADDRESS is ${bootstrap.apiAddress}.`);
  }
  const node = nodeObject({ droplet, settings, roleLabels: {}, k3sVersion: bootstrap.k3sVersion });
  const { cluster } = await joinCluster(machine, datacenter, settings, 'node');
  await awaitServers(machine, cluster, bootstrap.k3sVersion);
  const report = await becomeNode(machine, cluster, node, settings.nodeName);
  await runUnitsAfterK3s(machine, 'ExecStart', datacenter.log);
  return { cluster, node, nodeName: settings.nodeName, report };
}

/** The download takes a while, in which the droplet is active, but no node. */
async function install({ disk, processes, progress }: Machine, datacenter: Datacenter): Promise<void> {
  progress('Installing k3s.');
  const done = Date.now() + datacenter.installMs;
  await processes.until(() => Date.now() >= done);
  disk.write(K3S, `#!/bin/bash\n[[ $1 == kubectl ]] && exec '${toolPath(datacenter, 'kubectl')}' "\${@:2}"\n`, 0o700);
}
