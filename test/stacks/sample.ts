/** A configuration and an environment for tests of the stacks, and the JSON that they synthesise to. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import * as stackTrace from 'cdktf/lib/tokens/private/stack-trace';
import type { Environment } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import { buildApp } from '#stacks/build-app';
import { STACKS, type StackName } from '#stacks/stack-names';

/** CDKTF remembers the whole stack at which each token was made, for an error message: half of the time of a synthesis. */
Object.assign(stackTrace, { captureStackTrace: () => [] });

type Json = Record<string, any>;

export type Pool = ForgeConfig['workers'][number];

export const generalPool: Pool = {
  name: 'general',
  count: 2,
  size: 's-4vcpu-8gb',
  generation: 1,
  labels: { 'example.org/disk': 'ssd' },
  taints: [],
};

export const sampleConfig: ForgeConfig = {
  name: 'forge',
  environment: 'test',
  region: 'fra1',
  domain: 'forge.example.org',
  acmeEmail: 'ops@example.org',
  repository: 'example/forge',
  revision: 'main',
  state: { bucket: 'forge-terraform-state', region: 'fra1', lockfile: true },
  network: { cidr: '10.110.0.0/20' },
  access: { api: [], ssh: [], web: ['0.0.0.0/0', '::/0'] },
  servers: { count: 1, size: 's-2vcpu-4gb', generation: 1 },
  workers: [generalPool],
  kubernetes: { version: 'v1.36.4+k3s1' },
  maintenance: { days: ['sa', 'su'], hours: '03:00-06:00' },
  snapshots: { schedule: '0 */6 * * *', retention: 28 },
  backups: { enabled: true, schedule: '17 2 * * *', retention: 30 },
  dns: { managed: true },
  git: { sshPort: 22 },
  alerts: { email: [] },
  operators: [],
  rotation: {
    webhookSecret: 1,
    deployKey: 1,
    backupKey: 1,
    snapshotKey: 1,
    slackWebhook: 1,
    loginClients: 1,
    joinTokens: 1,
    adminCertificate: 1,
  },
  secrets: [
    {
      name: 'postgres-secret',
      namespace: 'rt',
      layer: 'layer-02-database',
      type: 'Opaque',
      data: { POSTGRES_PASSWORD: 'POSTGRES_PASSWORD' },
    },
  ],
};

export const PLANTED = { token: 'planted-cluster-token', password: 'planted-postgres-password' };

export function sampleEnvironment(secrets: Record<string, string> = {}): Environment {
  return {
    spacesEndpoint: (region) => `https://${region}.digitaloceanspaces.com`,
    configFile: 'forge.yaml',
    isRealCloud: false,
    chartRepository: 'https://argoproj.github.io/argo-helm',
    ...(secrets['FORGE_CLUSTER_TOKEN'] !== undefined && { clusterToken: secrets['FORGE_CLUSTER_TOKEN'] }),
    secretValues: new Map(Object.entries(secrets)),
  };
}

export interface Synthesised {
  readonly stacks: Readonly<Record<StackName, Json>>;
  readonly manifest: Json;
}

/** JSON of what was synthesised, by the JSON of what it was from: tests often ask for the same again. */
const synthesised = new Map<string, string>();

/** Synthesises the whole app, as `cdktf synth` does; a stack alone would not show references between stacks. */
export function synthesise(config: ForgeConfig = sampleConfig, environment = sampleEnvironment()): Synthesised {
  const { secretValues, spacesEndpoint, ...others } = environment;
  const from = JSON.stringify([config, others, [...secretValues], spacesEndpoint('fra1')]);
  const json = synthesised.get(from) ?? JSON.stringify(synth(config, environment));
  synthesised.set(from, json);
  return JSON.parse(json) as Synthesised;
}

function synth(config: ForgeConfig, environment: ReturnType<typeof sampleEnvironment>): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'forge-synth-'));
  try {
    const app = Testing.app({ outdir, fakeCdktfJsonPath: true });
    buildApp(app, config, environment);
    app.synth();
    const read = (path: string) => JSON.parse(readFileSync(join(outdir, path), 'utf8')) as Json;
    const stacks = Object.fromEntries(STACKS.map((stack) => [stack, read(`stacks/${stack}/cdk.tf.json`)]));
    return { stacks: stacks as Synthesised['stacks'], manifest: read('manifest.json') };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Every value in a tree with its path. */
export function leaves(value: unknown, path: readonly string[] = []): { path: readonly string[]; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key]));
}
