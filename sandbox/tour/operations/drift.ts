import { isReady } from '../cluster-view';
import { promise, since, type Operation } from '../operation';

export const drift: Operation = {
  title: 'Undo what somebody changed or deleted by hand',
  page: 'drift.md',
  run: async ({ cluster, kubectl, tell, until }) => {
    const scaled = await kubectl(['-n', 'rt', 'scale', 'deployment/nginx-front', '--replicas=5']);
    promise(scaled.code === 0, scaled.text);
    let start = Date.now();
    tell('by hand', 'kubectl -n rt scale deployment/nginx-front --replicas=5');
    await until('one replica again', async () => {
      const deployment = await cluster.inTools<{ spec: { replicas: number } }>('apps/v1/deployments/nginx-front');
      return deployment?.spec.replicas === 1 && (await cluster.pods('nginx-front')).filter(isReady).length === 1;
    });
    tell('argo cd', `set it back to what Git says after ${since(start)}`);

    const before = await cluster.inTools<{ metadata: { uid: string } }>('v1/services/gitea-svc');
    const deleted = await kubectl(['-n', 'rt', 'delete', 'service', 'gitea-svc']);
    promise(deleted.code === 0, deleted.text);
    start = Date.now();
    tell('by hand', 'kubectl -n rt delete service gitea-svc');
    await until('another gitea-svc', async () => {
      const service = await cluster.inTools<{ metadata: { uid: string } }>('v1/services/gitea-svc');
      return service !== undefined && service.metadata.uid !== before?.metadata.uid;
    });
    tell('argo cd', `made it again after ${since(start)}`);
  },
};
