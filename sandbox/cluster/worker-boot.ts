/** A worker: joins the cluster with its token and becomes a Node. */
import type { BootstrapSettings } from './bootstrap-settings';
import { BootFailure } from './boot-failure';
import { becomeNode } from './node-boot';
import { joinCluster } from './join-cluster';
import { readAgentSettings } from './k3s-settings';
import type { Booted, Machine, Site } from './machine';
import { nodeObject } from './node-object';
import { writeNodeSettings } from './node-settings';

export async function bootWorker(machine: Machine, site: Site, bootstrap: BootstrapSettings): Promise<Booted> {
  const { droplet, disk } = machine;
  writeNodeSettings(disk, droplet, 'agent');
  const settings = readAgentSettings(disk);
  if (settings.server?.host !== bootstrap.apiAddress) {
    throw new BootFailure(`k3s is told to join ${settings.server?.host}, but API_ADDRESS is ${bootstrap.apiAddress}.`);
  }
  const node = nodeObject({ droplet, settings, roleLabels: {}, k3sVersion: bootstrap.k3sVersion });
  const { cluster } = await joinCluster(machine, site, settings, 'node');
  const report = await becomeNode(machine, cluster, node, settings.nodeName);
  return { cluster, node, nodeName: settings.nodeName, kubeletArgs: settings.kubeletArgs, report };
}
