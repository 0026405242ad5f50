/** A forge of the release before, as Terraform plans it with the stacks of this one. What it knows is its states. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlan } from '#cli/plan/plan-file';
import { planStack } from '#cli/plan/run/plan-stack';
import { WITHOUT_API } from '#cli/plan/run/run-plans';
import { synthesise } from '#cli/plan/synth';
import { CONTRACTS } from '#cli/state/stacks';
import { loadConfig } from '#config/load';
import { startChartRepository } from '#sandbox/argocd/chart-repository';
import { startStandIns, type RunningStandIns } from '#sandbox/cloud/terraform/stand-ins';
import { freePort } from '#sandbox/net/free-port';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import { outputId } from '#stacks/contract';
import { STACKS, type StackName } from '#stacks/stack-names';
import { sampleAccount, TOKENS } from '#test/sandbox/cloud/digitalocean/sample-account';
import { newFolder } from '#test/new-folder';

interface StackFile {
  readonly terraform: { backend: object };
  readonly data?: { readonly terraform_remote_state?: Record<string, { backend: string; config: object }> };
}

jest.setTimeout(120_000);

const CONFIG = join(__dirname, 'forge.yaml');
const CHANGELOG = readFileSync(join(__dirname, '../../CHANGELOG.md'), 'utf8');
const [, unreleased] = /^## Unreleased\n(.*?)(?=^## |$(?![^]))/ms.exec(CHANGELOG)!;
/** Nobody's tokens. */
const HERE = { PATH: process.env['PATH'] };

let folder: string;
let standIns: RunningStandIns;
let stopCharts: () => Promise<void>;

beforeAll(async () => {
  folder = newFolder('release');
  const { helm } = await ensureTools(['helm'], { progress: () => undefined });
  const { url, api } = await sampleAccount();
  await api.post('/v2/domains', { name: loadConfig(CONFIG).domain });
  standIns = await startStandIns({ digitalOcean: url, github: 'http://127.0.0.1:9', helm, folder });
  const charts = { folder: join(folder, 'charts'), address: '127.0.0.1', port: await freePort() };
  stopCharts = await startChartRepository({ ...charts, helm, mirror: undefined, crds: [] });
  const FORGE_CHART_REPOSITORY = `http://${charts.address}:${charts.port}`;
  const env = { ...HERE, HOME: folder, FORGE_CONFIG: CONFIG, FORGE_CHART_REPOSITORY, CDKTF_OUTPUT: folder };
  const synthesised = await synthesise(env);
  if ('failure' in synthesised) throw new Error(synthesised.failure);
  for (const stack of STACKS) {
    writeFileSync(stateFile(stack), JSON.stringify(releasedState(stack)));
    readReleased(join(synthesised.folderOf(stack), 'cdk.tf.json'), stack);
  }
});
afterAll(async () => {
  await stopCharts();
  await standIns.stop();
});

it.each(STACKS)('a forge of the release before loses nothing of %s that CHANGELOG.md does not name', async (stack) => {
  const plan = await planStack({
    folder: join(folder, 'stacks', stack),
    privateFolder: folder,
    env: {
      ...HERE,
      HOME: folder,
      TF_REATTACH_PROVIDERS: standIns.reattach,
      TF_VAR_DIGITALOCEAN_TOKEN: TOKENS.deploy,
      TF_VAR_GITHUB_TOKEN: 'asked by nobody',
    },
    refresh: false,
    variables: WITHOUT_API[stack] ?? {},
    progress: () => undefined,
  });
  if ('failure' in plan) throw new Error(plan.failure);
  const { resource_changes: changes = [] } = parsePlan(plan.json, stack);
  const lost = changes.filter(({ change }) => change.actions.includes('delete')).map(({ address }) => address);
  expect(lost.filter((address) => !unreleased!.includes(`\`${address}\``))).toEqual([]);
});

function stateFile(stack: string): string {
  return join(folder, `${stack}.tfstate`);
}

/** With what a stack will publish once it is deployed, before the next one is planned. */
function releasedState(stack: StackName): object {
  const state = JSON.parse(readFileSync(join(__dirname, 'states', `${stack}.json`), 'utf8')) as { outputs: object };
  const published = Object.keys(CONTRACTS[stack]).map((name) => [outputId(name), { value: name, type: 'string' }]);
  return { ...state, outputs: { ...(Object.fromEntries(published) as object), ...state.outputs } };
}

/** Has a synthesised stack read the states here. */
function readReleased(file: string, stack: StackName): void {
  const synthesised = JSON.parse(readFileSync(file, 'utf8')) as StackFile;
  synthesised.terraform.backend = { local: { path: stateFile(stack) } };
  for (const [upstream, one] of Object.entries(synthesised.data?.terraform_remote_state ?? {}))
    Object.assign(one, { backend: 'local', config: { path: stateFile(upstream) } });
  writeFileSync(file, JSON.stringify(synthesised));
}
