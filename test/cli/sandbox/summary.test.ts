import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe as inWords, summaryOf } from '#cli/sandbox/summary';
import type { LayerStatus } from '#cli/status/platform-status';
import { loadConfig } from '#config/load';
import { sandboxFolder } from '#sandbox/place/folder';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import { newSettings } from '#sandbox/place/settings';
import { STAND_INS } from '#sandbox/providers';
import { newFolder } from '#test/new-folder';

const configFile = join(__dirname, '../../../forge.yaml');
/** As `forge status` sees what is not there. */
const root: LayerStatus = { name: 'root', sync: 'Missing', health: 'Missing', healthy: false, reasons: [], parts: [] };

describe('the summary of a sandbox of real machines', () => {
  it('that ended with Ready nodes names nothing which only the stack after it brings', () => {
    const text = summary();
    expect(text).toContain('kubeconfig of the admin');
    expect(text).not.toMatch(/Layers|Gitea|Argo CD|operators/);
  });

  it('with Argo CD says how to reach it, before its layers are there', () => {
    const text = summary('cluster');
    expect(text).toMatch(/Layers.*\n {2}root {2}Missing/);
    for (const there of ['https://gitea.', "Argo CD's page", 'kubeconfig of the operators']) {
      expect(text).toContain(there);
    }
  });

  /** @param deployed besides `network` */
  function summary(...deployed: 'cluster'[]): string {
    const folder = sandboxFolder(newFolder('summary'));
    const real = { publicNetwork: '198.18.1.0/24' };
    const settings = newSettings({ network: 1, configFile, providers: STAND_INS, real });
    const sandbox = { folder, settings, config: loadConfig(configFile), env: {} };
    for (const person of ['admin', ...deployed.map(() => 'operators' as const)] as const) {
      writeFileSync(kubeconfigFile(sandbox, person), '');
    }
    const stack = (name: 'network' | 'cluster', outputs = {}) => ({ stack: name, resources: 8, outputs });
    return inWords(
      summaryOf(sandbox, {
        stacks: [stack('network', { entrance_address: '198.18.1.3' }), ...deployed.map((name) => stack(name))],
        cluster: { nodes: [], layers: [root] },
        daemon: { droplets: [], git: { path: folder.git, url: '', head: undefined }, argocd: undefined },
      }),
    );
  }
});
