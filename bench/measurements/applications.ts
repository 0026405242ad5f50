import { until } from '#clients/until';
import { cdktf } from '#sandbox/cdktf';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { isReady, type Pod } from '#sandbox/tour/cluster-view';
import { startTour, type Tour } from '#sandbox/tour/tour';
import { nodesReady } from '#sandbox/up';
import { nodes, writeConfiguration } from '../configuration';
import { PATIENCE } from '../patience';
import type { Bench, Findings, Measurement, Series } from '../measurement';
import { repeat, seconds, timedForge, type TimedRun } from '../processes';
import type { BenchSandbox } from '../sandbox';
import { LABEL, smallApplications } from '../small-applications';

const SIZES = [10, 50, 200];
const PUSHES = 2;
const STATUS_RUNS = 3;
/** A node takes 110 pods. */
const NODES = 5;
const FILE = 'k8s/03-apps/bench.yaml';
const QUOTA = 'k8s/01-init/quota.yaml';
const LAYER = 'layer-03-apps';

interface Round {
  readonly seconds: number;
  readonly status: readonly TimedRun[];
}

/** Changes the shared sandbox: to be run last. */
export const applications: Measurement = {
  name: 'applications',
  summary: 'from a push to Healthy, and forge status, for 10 to 200 applications in 03-apps',
  measure: async (bench: Bench): Promise<Findings> => {
    const sandbox = await bench.sandbox();
    const { kubectl } = await ensureSandboxTools(() => undefined);
    await addNodes(sandbox);
    const tour = await startTour({ sandbox: sandbox.running, kubectl, tell: () => undefined });
    try {
      await raiseQuota(tour);
      const sizes: { x: number; rounds: Round[] }[] = [];
      for (const count of SIZES) {
        const rounds = await repeat(PUSHES, async (round) => {
          bench.progress(`${count} applications, ${round + 1} of ${PUSHES}`);
          return oneRound(tour, sandbox, count);
        });
        sizes.push({ x: count, rounds });
      }
      return findings(sizes);
    } finally {
      tour.close();
    }
  },
};

async function addNodes({ configFile, env, running }: BenchSandbox): Promise<void> {
  writeConfiguration(configFile, nodes(NODES));
  await cdktf(['deploy', 'network', '--auto-approve'], { env, log: `${running.folder.path}/more-nodes.log` });
  await nodesReady(running.folder, () => undefined);
}

/** The namespace's quota is made for the tools. */
async function raiseQuota({ clone, untilHealthy }: Tour): Promise<void> {
  clone.edit(QUOTA, (text) =>
    text.replace(/pods: '\d+'/, "pods: '1000'").replace(/requests\.cpu: '\d+'/, "requests.cpu: '16'"),
  );
  await untilHealthy(await clone.push('Make room'));
}

async function oneRound(tour: Tour, { env }: BenchSandbox, count: number): Promise<Round> {
  const { clone } = tour;
  const took = await seconds(async () => {
    clone.write(FILE, smallApplications(count));
    const commit = await clone.push(`${count} applications`);
    await until(() => isThere(tour, commit, count), { ...PATIENCE, what: `${count} Healthy applications` });
  });
  // Exits with 1 when anything is not healthy, which is not what is measured.
  const status = await repeat(STATUS_RUNS, () => timedForge(['status'], { env, accepted: [0, 1] }));
  clone.remove(FILE);
  const commit = await clone.push('Without them');
  await until(() => isThere(tour, commit, 0), { ...PATIENCE, what: 'no application' });
  return { seconds: took, status };
}

async function isThere({ cluster }: Tour, commit: string, count: number): Promise<boolean> {
  const layer = (await cluster.applications()).find(({ metadata }) => metadata.name === LAYER)?.status;
  const isAt = layer?.sync?.revision?.startsWith(commit) === true;
  if (!isAt || layer.sync?.status !== 'Synced' || layer.health?.status !== 'Healthy') return false;
  const path = `/api/v1/namespaces/rt/pods?labelSelector=${encodeURIComponent(LABEL)}`;
  const pods = await cluster.api.list<Pod>(path);
  return count === 0 ? pods.length === 0 : pods.filter(isReady).length === count;
}

function findings(sizes: readonly { x: number; rounds: readonly Round[] }[]): Findings {
  const series = (name: string, of: (round: Round) => readonly number[]): Series[] => [
    { name, points: sizes.map(({ x, rounds }) => ({ x, values: rounds.flatMap(of) })) },
  ];
  const status = (of: (run: TimedRun) => number) => series('forge status', ({ status }) => status.map(of));
  const along = 'applications';
  return {
    figures: [],
    curves: [
      {
        ...{ file: 'argocd-applications', title: 'From push to Healthy', along, unit: 's' },
        series: series('Argo CD', ({ seconds }) => [seconds]),
      },
      { file: 'status-time', title: 'forge status', along, unit: 's', series: status(({ seconds }) => seconds) },
      {
        file: 'status-memory',
        title: 'Memory of forge status',
        along,
        unit: 'MB',
        series: status(({ peakMb }) => peakMb),
      },
    ],
  };
}
