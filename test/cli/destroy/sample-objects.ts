/** The objects of a cluster that has what a destroy must take care of, and the controllers that matter for it. */
import { refused, type Answer, type Asked } from '#test/clients/kubernetes/sample-api';

type Fields = Record<string, unknown>;

export interface SampleObject {
  readonly metadata: Fields & { readonly name: string; readonly namespace?: string };
  readonly spec?: Fields;
}

export interface SampleObjects {
  /** By the path of their list; lists that are not there are of kinds that the API does not know. */
  readonly lists: Map<string, SampleObject[]>;
  /** What a list shows besides, such as what a controller has not finished with. */
  hold: (path: string) => readonly SampleObject[];
  answer(asked: Asked): Answer;
}

const ARGOCD = 'namespaces/argocd';
export const APPLICATIONS = `/apis/argoproj.io/v1alpha1/${ARGOCD}/applications`;
export const VOLUMES = '/api/v1/persistentvolumes';
export const SERVICES = '/api/v1/services';
const PODS = `/api/v1/${ARGOCD}/pods`;
const WORKLOADS = [
  'apps/v1/statefulsets',
  'apps/v1/deployments',
  'apps/v1/daemonsets',
  'batch/v1/cronjobs',
  'batch/v1/jobs',
];

/**
 * @param told is told each change, such as `PATCH deployments/argocd-server`
 * @param givenBack is told what goes in the cloud: the API's list, and the name
 */
export function sampleObjects(
  told: (change: string) => void,
  givenBack: (list: 'volumes' | 'load_balancers', name: string) => void,
): SampleObjects {
  const lists = new Map<string, SampleObject[]>(Object.entries(contents()));
  const sample: SampleObjects = {
    lists,
    hold: () => [],
    answer: ({ method, path, body }) => {
      if (path === '/readyz') return { body: 'ok' };
      if (method === 'GET') return listed(sample, path);
      const [list, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
      // Lists of all namespaces show the same objects.
      const everywhere = list.replace(/\/namespaces\/[^/]+/, '');
      const key = [list, everywhere].find((one) => lists.get(one)?.some(({ metadata }) => metadata.name === name));
      if (key === undefined) return refused(404, `${path} not found`);
      told(`${method} ${list.split('/').at(-1)!}/${name}`);
      const others = lists.get(key)!.filter(({ metadata }) => metadata.name !== name);
      const old = lists.get(key)!.find(({ metadata }) => metadata.name === name)!;
      lists.set(key, method === 'DELETE' ? others : [...others, merged(old, body as SampleObject)]);
      control(lists, givenBack);
      return { body: {} };
    },
  };
  return sample;
}

function listed({ lists, hold }: SampleObjects, path: string): Answer {
  const items = lists.get(path);
  if (items !== undefined) return { body: { items: [...items, ...hold(path)] } };
  return path.startsWith('/apis/argoproj.io')
    ? refused(404, 'the server could not find it')
    : { body: { items: null } };
}

function merged(old: SampleObject, { metadata, spec }: Partial<SampleObject>): SampleObject {
  return { metadata: { ...old.metadata, ...metadata }, spec: { ...old.spec, ...spec } };
}

/** Workloads without replicas have no pods; a volume without a claim goes if it is to be deleted, a load balancer with its Service. */
function control(lists: SampleObjects['lists'], givenBack: Parameters<typeof sampleObjects>[1]): void {
  const workloads = ['statefulsets', 'deployments'].flatMap(
    (kind) => lists.get(`/apis/apps/v1/${ARGOCD}/${kind}`) ?? [],
  );
  if (workloads.every(({ spec }) => spec?.['replicas'] === 0)) lists.set(PODS, []);
  const claims = lists.get('/api/v1/persistentvolumeclaims')!.map(({ metadata }) => metadata.name);
  const stays = ({ spec = {} }: SampleObject) =>
    claims.includes(String(spec['claim'])) || spec['persistentVolumeReclaimPolicy'] !== 'Delete';
  for (const { metadata } of lists.get(VOLUMES)!.filter((one) => !stays(one))) givenBack('volumes', metadata.name);
  lists.set(VOLUMES, lists.get(VOLUMES)!.filter(stays));
  if (!lists.get(SERVICES)!.some(({ metadata }) => metadata.name === 'public')) givenBack('load_balancers', 'public');
}

function contents(): Record<string, SampleObject[]> {
  const inNamespace = (namespace: string, name: string, spec: Fields = {}) => ({ metadata: { name, namespace }, spec });
  const finalizers = ['resources-finalizer.argocd.argoproj.io'];
  const root = { metadata: { name: 'root', namespace: 'argocd', finalizers }, spec: { syncPolicy: { automated: {} } } };
  return {
    ...Object.fromEntries(WORKLOADS.map((kind) => [`/apis/${kind.replace('v1/', 'v1/namespaces/rt/')}`, []])),
    [`/apis/apps/v1/${ARGOCD}/statefulsets`]: [inNamespace('argocd', 'controller', { replicas: 1 })],
    [`/apis/apps/v1/${ARGOCD}/deployments`]: [inNamespace('argocd', 'server', { replicas: 2 })],
    [PODS]: [inNamespace('argocd', 'controller-0'), inNamespace('argocd', 'server-1')],
    [APPLICATIONS]: [root],
    [SERVICES]: [
      inNamespace('rt', 'public', { type: 'LoadBalancer' }),
      inNamespace('rt', 'gitea', { type: 'ClusterIP' }),
    ],
    '/apis/apps/v1/namespaces/rt/statefulsets': [inNamespace('rt', 'database', { replicas: 1 })],
    '/apis/apps/v1/namespaces/web/deployments': [inNamespace('web', 'without-volumes', { replicas: 1 })],
    '/api/v1/persistentvolumeclaims': [inNamespace('rt', 'data')],
    [VOLUMES]: [
      { metadata: { name: 'pvc-1' }, spec: { csi: {}, claim: 'data', persistentVolumeReclaimPolicy: 'Retain' } },
      { metadata: { name: 'local' }, spec: { hostPath: {}, persistentVolumeReclaimPolicy: 'Retain' } },
    ],
  };
}
