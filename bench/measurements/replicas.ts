import { until } from '#clients/until';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { isReady, type Pod } from '#sandbox/tour/cluster-view';
import { startTour, type Tour } from '#sandbox/tour/tour';
import { PATIENCE } from '../patience';
import type { Bench, Findings, Measurement } from '../measurement';
import { repeat, seconds } from '../processes';

const RUNS = 5;
const APP = 'nginx-front';
const FILE = `k8s/03-apps/${APP}.yaml`;
/** Without Argo CD, which would take the scaling back. */
const NAMESPACE = 'bench-scale';

export const replicas: Measurement = {
  name: 'replicas',
  summary: 'a pushed change of replicas to three Ready pods, beside kubectl scale',
  measure: async (bench: Bench): Promise<Findings> => {
    const { running: sandbox } = await bench.sandbox();
    const { kubectl } = await ensureSandboxTools(() => undefined);
    const tour = await startTour({ sandbox, kubectl, tell: () => undefined });
    try {
      const pushed = await repeat(RUNS, () => pushThree(tour));
      const scaled = await scaleByHand(tour);
      const beside = { what: 'kubectl scale', values: scaled };
      const what = 'pushed replicas: 1 -> 3 to three Ready pods';
      const values = pushed.map(({ ready }) => ready);
      return {
        figures: [
          { what, unit: 's', atMost: 5, values, beside },
          { what: 'of it: the commit and the push', unit: 's', values: pushed.map(({ push }) => push) },
        ],
        curves: [],
      };
    } finally {
      tour.close();
    }
  },
};

interface Pushed {
  /** Seconds until git came back. */
  readonly push: number;
  /** Seconds until three pods were Ready. */
  readonly ready: number;
}

async function pushThree({ clone, cluster, untilHealthy }: Tour): Promise<Pushed> {
  const change = async (from: number, to: number): Promise<string> => {
    clone.edit(FILE, (text) => text.replace(`replicas: ${from}`, `replicas: ${to}`));
    return clone.push(`${to} replicas`);
  };
  const push = await seconds(() => change(1, 3));
  const wait = await seconds(() => readyPods(3, () => cluster.pods(APP)));
  const commit = await change(3, 1);
  await readyPods(1, () => cluster.pods(APP));
  await untilHealthy(commit);
  return { push, ready: push + wait };
}

async function scaleByHand({ cluster, kubectl }: Tour): Promise<number[]> {
  const pods = () => cluster.api.list<Pod>(`/api/v1/namespaces/${NAMESPACE}/pods`);
  await kubectl(['create', 'namespace', NAMESPACE]);
  await kubectl(['--namespace', NAMESPACE, 'create', 'deployment', APP, '--image', 'example.org/app']);
  await readyPods(1, pods);
  const scale = (count: number) =>
    kubectl(['--namespace', NAMESPACE, 'scale', 'deployment', APP, `--replicas=${count}`]);
  const times = await repeat(RUNS, async () => {
    const took = await seconds(async () => {
      await scale(3);
      await readyPods(3, pods);
    });
    await scale(1);
    await readyPods(1, pods);
    return took;
  });
  await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
  return times;
}

async function readyPods(count: number, pods: () => Promise<Pod[]>): Promise<void> {
  const areReady = async () => {
    const found = await pods();
    return found.length === count && found.every(isReady);
  };
  await until(areReady, { ...PATIENCE, what: `${count} Ready pods` });
}
