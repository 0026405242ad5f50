/** What `kubectl logs` shows of every container: no container runs, and that is what it says. */
import type { DropletDisk } from '../droplet/droplet-disk';

const TEXT = 'This is the sandbox: no container runs here, and this line is all that is ever logged.';

/** @returns kwok's configuration file for it, on this machine */
export function writeKubeletLogs(disk: DropletDisk): string {
  // As the container runtime would write it.
  disk.write('/container.log', `${new Date().toISOString()} stdout F ${TEXT}\n`);
  const file = disk.at('/container.log');
  const logs = [{ logsFile: file, previousLogsFile: file, follow: true }];
  const document = {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterLogs',
    metadata: { name: 'no-container-runs' },
    spec: { logs },
  };
  disk.write('/kubelet-logs.yaml', JSON.stringify(document));
  return disk.at('/kubelet-logs.yaml');
}
