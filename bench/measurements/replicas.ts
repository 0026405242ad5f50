import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { isReady } from '#sandbox/tour/cluster-view';
import { startTour, type Tour } from '#sandbox/tour/tour';
import type { Measurement } from '../measurement';
import { repeat, seconds } from '../processes';

const RUNS = 5;
const APP = 'nginx-front';
const FILE = `k8s/03-apps/${APP}.yaml`;

export const replicas: Measurement = {
  name: 'replicas',
  summary: 'a pushed change of replicas to three Ready pods',
  measure: async (bench) => {
    const { running: sandbox } = await bench.sandbox();
    const { kubectl } = await ensureSandboxTools(() => undefined);
    const tour = await startTour({ sandbox, kubectl, tell: () => undefined });
    try {
      const pushed = await repeat(RUNS, () => pushThree(tour));
      const ready = pushed.map(({ ready }) => ready);
      return [
        { what: 'pushed replicas: 1 -> 3 to three Ready pods', unit: 's', atMost: 3, values: ready },
        { what: 'of it: the commit and the push', unit: 's', values: pushed.map(({ push }) => push) },
      ];
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

async function pushThree({ clone, cluster, until, untilHealthy }: Tour): Promise<Pushed> {
  const change = async (from: number, to: number): Promise<string> => {
    clone.edit(FILE, (text) => text.replace(`replicas: ${from}`, `replicas: ${to}`));
    return clone.push(`${to} replicas`);
  };
  const readyPods = (count: number) =>
    until(`${count} Ready pods`, async () => {
      const found = await cluster.pods(APP);
      return found.length === count && found.every(isReady);
    });
  const push = await seconds(() => change(1, 3));
  const wait = await seconds(() => readyPods(3));
  const commit = await change(3, 1);
  await readyPods(1);
  await untilHealthy(commit);
  return { push, ready: push + wait };
}
