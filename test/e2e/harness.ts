/** A sandbox of its own for a test file, used as a person would: the real CDKTF CLI, Terraform, kubectl and forge. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { digitalOcean, type DigitalOceanClient } from '#clients/digitalocean/client';
import { CDKTF, outputOf, runProgram, type ProgramResult } from '#clients/program';
import { cdktf } from '#sandbox/cdktf';
import { endSandbox } from '#sandbox/down';
import { sandboxFolder, type SandboxFolder } from '#sandbox/place/folder';
import { kubeconfigFile, type Person } from '#sandbox/place/kubeconfigs';
import type { RunningSandbox } from '#sandbox/place/running-sandbox';
import type { ProvidersInUse } from '#sandbox/place/settings';
import { chooseProviders, mirrorFolder, type ProviderChoice } from '#sandbox/providers';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { deployStacks, nodesReady, startSandbox } from '#sandbox/up';
import type { StackName } from '#stacks/stack-names';
import { newFolder } from '#test/new-folder';

const ROOT = join(__dirname, '../..');

/** What a program printed, on both its outputs. */
export type Finished = Pick<ProgramResult, 'code' | 'text'>;

export interface TestSandbox {
  readonly sandbox: RunningSandbox;
  /** Folder for the test's own files. */
  readonly folder: string;
  /** The emulated DigitalOcean, for what happens there without Terraform. */
  readonly cloud: DigitalOceanClient;
  /** What the account holds of a kind. @param kind as the API's path names it, such as `droplets` */
  held(kind: string): Promise<any[]>;
  /** Deploys a stack; throws when that fails. */
  deploy(stack: StackName): Promise<void>;
  /** Any call of the CDKTF CLI; never throws. */
  cdktf(args: readonly string[], env?: Record<string, string>): Promise<Finished>;
  /** Terraform in the folder of a synthesised stack, or in another one. */
  terraform(folder: string, args: readonly string[]): Promise<Finished>;
  forge(args: readonly string[], env?: Record<string, string>): Promise<Finished>;
  kubectl(person: Person, args: readonly string[]): Promise<Finished>;
  /** Starts a kubectl call as administrator without waiting for it. */
  beginKubectl(args: readonly string[]): ChildProcess;
  /** Objects of a kind, as JSON. */
  list(kind: string, namespace?: string): Promise<any[]>;
  /** Changes a value of the sandbox's forge.yaml. */
  configure(path: readonly (string | number)[], value: unknown): void;
  nodesReady(): Promise<void>;
  stackFolder(stack: StackName): string;
  /** Starts a CDKTF call without waiting for it. */
  begin(args: readonly string[]): ChildProcess;
  end(): Promise<void>;
}

/** Tests build the control plane's programs when no cache holds them. */
export const START_LIMIT_MS = 45 * 60_000;

/** Our stand-ins, or what FORGE_TEST_PROVIDERS says. */
function chosenProviders(folder: SandboxFolder, terraform: string): Promise<ProvidersInUse> {
  const choice = (process.env['FORGE_TEST_PROVIDERS'] ?? 'emulated') as ProviderChoice;
  return chooseProviders(folder, { choice, env: process.env, terraform, progress: () => undefined });
}

export async function startTestSandbox(servers: 1 | 3 = 1): Promise<TestSandbox> {
  const folder = newFolder('e2e');
  const configFile = join(folder, 'forge.yaml');
  writeFileSync(configFile, readFileSync(join(ROOT, 'forge.yaml')));
  const output = join(folder, 'cdktf.out');
  process.env['CDKTF_OUTPUT'] = output;
  const tools = await ensureSandboxTools(() => undefined);
  const data = sandboxFolder(join(folder, 'data'));
  const providers = await chosenProviders(data, tools.terraform);
  const mirror = mirrorFolder(process.env);
  const started = await startSandbox(data, { configFile, servers, providers, ...(mirror !== undefined && { mirror }) });
  const env = { ...started.env, CDKTF_OUTPUT: output };
  const sandbox = { ...started, env };
  await forgeCommand(env, ['bootstrap']);
  const log = join(folder, 'cdktf.log');
  const cloud = digitalOcean(env);

  return {
    sandbox,
    folder,
    cloud,
    held: (kind) => cloud.list(`/v2/${kind}`, kind.split('/').at(-1)!),
    deploy: (stack) => deployStacks(sandbox, [stack], () => undefined),
    cdktf: (args, more = {}) =>
      cdktf(args, { env: { ...env, ...more }, log }).then(
        (text) => ({ code: 0, text }),
        (error: Error) => ({ code: 1, text: error.message }),
      ),
    terraform: (cwd, args) => runProgram('terraform', args, { cwd, env: { ...process.env, ...env } }),
    forge: (args, more = {}) => forgeCommand({ ...env, ...more }, args),
    kubectl: (person, args) => runProgram(tools.kubectl, ['--kubeconfig', kubeconfigFile(sandbox, person), ...args]),
    beginKubectl: (args) => spawn(tools.kubectl, ['--kubeconfig', kubeconfigFile(sandbox, 'admin'), ...args]),
    list: async (kind, namespace) => {
      const scope = namespace === undefined ? ['--all-namespaces'] : ['--namespace', namespace];
      const file = kubeconfigFile(sandbox, 'admin');
      const args = ['--kubeconfig', file, 'get', kind, ...scope, '-o', 'json'];
      return (JSON.parse(await outputOf(tools.kubectl, args)) as { items: any[] }).items;
    },
    configure: (path, value) => {
      const document = parseDocument(readFileSync(sandbox.settings.configFile, 'utf8'));
      document.setIn(path, value);
      writeFileSync(sandbox.settings.configFile, document.toString());
    },
    nodesReady: () => nodesReady(data, () => undefined),
    stackFolder: (stack) => join(output, 'stacks', stack),
    begin: (args) =>
      spawn(CDKTF, args, {
        cwd: ROOT,
        env: { ...process.env, ...env, CI: 'true' },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    end: async () => {
      await endSandbox(data);
    },
  };
}

function forgeCommand(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<Finished> {
  return runProgram(process.execPath, [join(ROOT, 'cli/forge.cjs'), ...args], { env: { ...process.env, ...env } });
}
