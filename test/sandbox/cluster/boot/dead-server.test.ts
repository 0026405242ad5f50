import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { KubernetesClient } from '#clients/kubernetes/client';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { plot, type Plot } from '../droplets';
import { kubectlWith } from '../kubectl';
import { isReady, podsOf, type Node, type Pod } from '../objects';
import { pkiFiles } from '../k3s/pki-files';
import { apiOf, accessTo, eventually, forwardApi, openSandbox, type RunningSandbox } from '../running-sandbox';

jest.setTimeout(400_000);

const CHART = join(__dirname, '../../../../charts/digitalocean-ccm');
const CCM = 'digitalocean-cloud-controller-manager';
const HOST = 'kubernetes.io/hostname';

/**
 * Kubernetes' own controllers decide here. What a machine's death looks like to them is made: the sandbox does not wait
 * until a kubelet has been silent for 50 seconds.
 */
describe('a server that dies with its droplet still there', () => {
  let sandbox: RunningSandbox;
  let cluster: Plot;
  let api: KubernetesClient;

  beforeAll(async () => {
    cluster = plot(await pkiFiles(), 3, 3);
    sandbox = await openSandbox();
    await forwardApi(sandbox, cluster, 3);
    for (const number of [1, 2, 3]) await sandbox.runtime.boot(cluster.server(number));
    await sandbox.settled();
    api = await apiOf(cluster);
    await installCloudController();
  });

  async function installCloudController(): Promise<void> {
    const { helm } = await ensureSandboxTools(() => undefined);
    const values = ['--namespace', 'kube-system', '--set', 'region=fra1,clusterVpcId=vpc-1'];
    const manifests = execFileSync(helm, ['template', 'ccm', CHART, ...values], { encoding: 'utf8' });
    const endpoint = await accessTo(cluster, cluster.apiAddress, 6443);
    const kubectl = await kubectlWith(endpoint, join(sandbox.folder, 'kubeconfig.json'));
    expect(await kubectl(['apply', '-f', '-'], manifests)).toMatchObject({ code: 0 });
  }

  const cloudControllers = () => api.list<Pod>(`/api/v1/namespaces/kube-system/pods?labelSelector=app%3D${CCM}`);
  /** A pod on that server which Kubernetes takes away a minute after the death. */
  const startWaiting = (node: string) =>
    api.create('/apis/apps/v1/namespaces/default/deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'waiting' },
      spec: {
        selector: { matchLabels: { app: 'waiting' } },
        template: {
          metadata: { labels: { app: 'waiting' } },
          spec: {
            nodeSelector: { [HOST]: node },
            tolerations: [
              { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
              { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
            ],
            containers: [{ name: 'main', image: 'registry.example/app:1.0' }],
          },
        },
      },
    });

  it('loses the cloud controller to another server before a minute is over, so that the Node can be removed', async () => {
    let node = '';
    await eventually(async () => {
      const [pod] = (await cloudControllers()).filter(isReady);
      node = pod!.spec.nodeName!;
    });
    await startWaiting(node);
    await eventually(async () => expect((await podsOf(api, 'waiting')).filter(isReady)).toHaveLength(1));

    const id = node.split('-').at(-1)!;
    for (const { pid, command } of sandbox.processes()) {
      if (command.includes(`droplets/${id}/`)) process.kill(pid, 'SIGKILL');
    }
    await eventually(async () => expect(isReady((await api.get<Node>(`/api/v1/nodes/${node}`))!)).toBe(false));

    const elsewhere = async () =>
      (await cloudControllers()).filter(isReady).filter(({ spec }) => spec.nodeName !== node);
    const stillWaiting = async () => (await podsOf(api, 'waiting')).some(({ spec }) => spec.nodeName === node);
    await eventually(async () => (await elsewhere()).length > 0 || !(await stillWaiting()));
    expect(await elsewhere()).toHaveLength(1);
  });
});
