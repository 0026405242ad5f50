import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Figure, Findings, Measurement } from '../measurement';
import { repeat, seconds, timedForge, timedRun } from '../processes';

const RUNS = 5;
const COMMANDS = [
  ['list', 'network'],
  ['show', 'network', 'digitalocean_vpc.vpc'],
  ['outputs', 'network'],
  ['history', 'network'],
  ['locks'],
] as const;

export const stateCommands: Measurement = {
  name: 'state-commands',
  summary: 'forge state, beside terraform init and terraform state list',
  measure: async (bench: Bench): Promise<Findings> => {
    const { env, output } = await bench.sandbox();
    const cwd = join(output, 'stacks/network');
    const byTerraform = await repeat(RUNS, () => {
      const fresh = { ...env, TF_DATA_DIR: mkdtempSync(join(bench.folder, 'terraform-')) };
      return seconds(async () => {
        await timedRun('terraform', ['init', '-input=false'], { cwd, env: fresh });
        await timedRun('terraform', ['state', 'list'], { cwd, env: fresh });
      });
    });
    const figures: Figure[] = [];
    for (const args of COMMANDS) {
      const runs = await repeat(RUNS, () => timedForge(['state', ...args], { env }));
      figures.push({
        ...{ what: `forge state ${args[0]}`, unit: 's', atMost: 1 },
        values: runs.map((run) => run.seconds),
        ...(args[0] === 'list' && { beside: { what: 'terraform init, state list', values: byTerraform } }),
      });
    }
    return { figures, curves: [] };
  },
};
