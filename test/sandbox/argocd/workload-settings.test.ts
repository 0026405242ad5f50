import { wantedComponents } from '#sandbox/argocd/workload-settings';
import type { KubernetesClient } from '#clients/kubernetes/client';

const from = (name: string, key: string) => ({ valueFrom: { configMapKeyRef: { name, key, optional: true } } });
const workload = (name: string, replicas: number, container: object) => ({
  metadata: { name },
  spec: { replicas, template: { spec: { containers: [container] } } },
});

const OBJECTS: Record<string, object[]> = {
  deployments: [
    workload('argocd-server', 1, {
      args: ['/usr/local/bin/argocd-server', '--port=8080', '--logformat', 'json'],
      env: [
        { name: 'ARGOCD_SERVER_INSECURE', ...from('argocd-cmd-params-cm', 'server.insecure') },
        { name: 'ARGOCD_SERVER_BASEHREF', ...from('argocd-cmd-params-cm', 'server.basehref') },
        { name: 'ARGOCD_SERVER_LOGLEVEL', ...from('argocd-cmd-params-cm', 'server.log.level') },
        { name: 'ARGOCD_RECONCILIATION_TIMEOUT', ...from('argocd-cm', 'timeout.reconciliation') },
        { name: 'REDIS_PASSWORD', valueFrom: { secretKeyRef: { name: 'argocd-redis', key: 'auth' } } },
        { name: 'HELM_CACHE_HOME', value: '/helm-working-dir' },
        { name: 'PLAIN', value: 'yes' },
      ],
    }),
    workload('argocd-applicationset-controller', 1, {}),
    workload('argocd-redis', 0, {}),
  ],
  statefulsets: [workload('argocd-application-controller', 1, {})],
  configmaps: [
    { metadata: { name: 'argocd-cmd-params-cm' }, data: { 'server.insecure': 'true', 'server.basehref': '/' } },
    { metadata: { name: 'argocd-cm' }, data: { 'timeout.reconciliation': '120s' } },
  ],
};

function clusterWith(objects: Record<string, object[]>): KubernetesClient {
  const list = (path: string) => Promise.resolve(objects[path.split('/').at(-1)!] ?? []);
  return { list } as Partial<KubernetesClient> as KubernetesClient;
}

describe("Argo CD's settings", () => {
  it('are what the workloads say: arguments, variables, and keys of ConfigMaps whatever their names', async () => {
    const wanted = await wantedComponents(clusterWith(OBJECTS));
    expect(wanted.get('argocd-server')).toEqual({
      args: ['--port=8080', '--logformat', 'json'],
      variables: { ARGOCD_SERVER_INSECURE: 'true', ARGOCD_RECONCILIATION_TIMEOUT: '120s', PLAIN: 'yes' },
    });
  });

  it('are for the programs that the cluster wants, and that the sandbox knows', async () => {
    const wanted = await wantedComponents(clusterWith(OBJECTS));
    expect([...wanted.keys()]).toEqual(['argocd-application-controller', 'argocd-server']);
  });

  it('are none before the release is installed', async () => {
    expect((await wantedComponents(clusterWith({}))).size).toBe(0);
  });
});
