/** A person who has all that a deploy needs: tools, tokens, configuration, manifests, bucket and names. */
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configure } from '#cli/configure/configure';
import { readManifests, writeManifests } from '#cli/manifests/folder';
import type { Outcome } from '#cli/doctor/check';
import { doctorCommand } from '#cli/doctor/command';
import { loadConfig } from '#config/load';
import type { RunningGithub } from '#sandbox/cloud/github/api';
import { TOKENS, type SampleAccount } from '#test/sandbox/cloud/digitalocean/sample-account';
import { GITHUB_TOKEN, sampleGithub } from '#test/sandbox/cloud/github/sample-github';
import type { SampleSpaces } from '#test/sandbox/cloud/spaces/sample-spaces';
import { newFolder } from '#test/new-folder';
import { sampleEnvironment } from '../sweep/sample-environment';
import type { Result } from '../sample-operator';
import { sampleNameServer, type SampleNameServer } from './sample-name-server';

const K8S = join(__dirname, '../../../k8s');
const PROGRAMS = {
  terraform: `echo '{"terraform_version":"1.11.4"}'`,
  git: 'echo git version 2.39.5',
  kubectl: 'echo "Client Version: v1.36.4"; echo "Kustomize Version: v5"',
};

export interface SampleDoctor {
  readonly env: NodeJS.ProcessEnv;
  readonly cloud: SampleAccount;
  readonly github: RunningGithub;
  readonly spaces: SampleSpaces;
  readonly names: SampleNameServer;
  /** Folder of the checkout, which has a k8s/ only. */
  readonly checkout: string;
  /** Replaces a program by a shell script. */
  program(name: string, script: string): void;
  /** Changes forge.yaml. */
  configuration(change: (yaml: string) => string): void;
  run(...args: string[]): Promise<Result>;
  /** What is found for one check, as a person reads it, and the exit code. */
  check(name: string): Promise<{ code: number; level: string; found: string; todo?: string }>;
  end(): Promise<void>;
}

export async function sampleDoctor(options: Parameters<typeof sampleEnvironment>[1] = {}): Promise<SampleDoctor> {
  const names = await sampleNameServer();
  names.zones.set('example.org', ['ns1.digitalocean.com', 'ns2.digitalocean.com']);
  let checkout = '';
  const sample = await sampleEnvironment((terminal) => doctorCommand(terminal, checkout), options);
  const { env, run, spaces } = sample.operator;
  const { github } = await sampleGithub();
  checkout = newFolder('doctor');
  cpSync(K8S, join(checkout, 'k8s'), { recursive: true });
  appendFileSync(env['FORGE_CONFIG']!, 'alerts: { email: [ops@example.org] }\n');
  agree(join(checkout, 'k8s'), env['FORGE_CONFIG']!);
  const bin = newFolder('doctor');
  const program = (name: string, script: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  for (const [name, script] of Object.entries(PROGRAMS)) program(name, script);
  Object.assign(env, {
    PATH: bin,
    BACKUP_PASSWORD: 'sample-password',
    FORGE_CLUSTER_TOKEN: TOKENS.cluster,
    GITHUB_TOKEN,
    GITHUB_API_URL: github.url,
  });
  return {
    env,
    cloud: sample.cloud,
    github,
    spaces,
    names,
    checkout,
    program,
    run,
    configuration: (change) => {
      const file = env['FORGE_CONFIG']!;
      writeFileSync(file, change(readFileSync(file, 'utf8')));
    },
    check: async (name) => {
      const { code, stdout } = await run('--json');
      const outcome = (JSON.parse(stdout) as Outcome[]).find(({ check }) => check === name);
      if (outcome === undefined) throw new Error(`${name} was not checked`);
      const { level, found } = outcome;
      return { code, level, found, ...(outcome.level !== 'ok' && { todo: outcome.todo }) };
    },
    end: async () => {
      await names.close();
      await sample.end();
    },
  };
}

function agree(folder: string, configFile: string): void {
  const before = readManifests(folder);
  writeManifests(folder, before, configure(loadConfig(configFile), before).files);
}
