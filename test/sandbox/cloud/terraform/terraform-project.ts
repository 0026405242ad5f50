/** A folder with a Terraform configuration whose providers are emulated ones. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProviders, type AnyProvider } from '#sandbox/cloud/terraform/engine/providers';

/** Resource type to name to arguments, as in Terraform's JSON. */
export type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** A run of Terraform that is under way. */
export interface Run {
  readonly outcome: Promise<Outcome>;
  /** As Ctrl-C does. */
  interrupt(): void;
}

/** A resource in a plan that is not left alone. */
export interface PlannedChange {
  readonly address: string;
  readonly actions: readonly string[];
}

export interface TerraformProject {
  /** Writes the configuration, in place of the one before. */
  configure(resources: Resources, rest?: object): void;
  /** Runs Terraform, whatever comes of it. */
  terraform(...args: string[]): Promise<Outcome>;
  /** The same, for a run that does not end by itself. */
  start(...args: string[]): Run;
  /** Applies the configuration. An error with Terraform's output if that fails. */
  apply(): Promise<void>;
  destroy(): Promise<void>;
  plan(...options: string[]): Promise<PlannedChange[]>;
  /** Terraform's JSON of a plan file, or of the state. */
  show(...plan: string[]): Promise<any>;
  /** Attributes of a resource in the state. */
  attributes(address: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

interface StateJson {
  readonly values?: {
    readonly root_module: { readonly resources: { address: string; values: Record<string, unknown> }[] };
  };
}

interface PlanJson {
  readonly resource_changes?: { readonly address: string; readonly change: { readonly actions: string[] } }[];
}

/** A project whose providers are stand-ins. @param settings provider blocks, by the provider's name */
export async function terraformProject(
  providers: readonly AnyProvider[],
  settings: Readonly<Record<string, object>> = {},
): Promise<TerraformProject> {
  const sockets = mkdtempSync(join(tmpdir(), 'forge-tf-'));
  const running = await startProviders(providers, sockets);
  const required = providers.map(({ address }) => [address.split('/').at(-1)!, { source: address }]);
  const project = await openProject({
    required: Object.fromEntries(required) as object,
    settings,
    environment: { TF_REATTACH_PROVIDERS: running.reattach },
  });
  const close = async () => {
    await project.close();
    await running.stop();
    rmSync(sockets, { recursive: true, force: true });
  };
  return { ...project, close };
}

export interface ProjectOptions {
  /** Block `required_providers`. */
  readonly required: object;
  /** Provider blocks, by the provider's name. */
  readonly settings: Readonly<Record<string, object>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Terraform's own settings: where it gets providers from. */
  readonly rc?: string;
}

export async function openProject({
  required,
  settings,
  environment,
  rc = '',
}: ProjectOptions): Promise<TerraformProject> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-tf-'));
  const rcFile = join(folder, 'terraform.rc');
  writeFileSync(rcFile, rc);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TF_CLI_CONFIG_FILE: rcFile,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    ...environment,
  };
  const start = (...args: string[]): Run => {
    let resolve: (outcome: Outcome) => void;
    const outcome = new Promise<Outcome>((ended) => (resolve = ended));
    const child = execFile('terraform', args, { cwd: folder, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` });
    });
    return { outcome, interrupt: () => void child.kill('SIGINT') };
  };
  const terraform = (...args: string[]) => start(...args).outcome;
  const succeed = async (...args: string[]) => {
    const { code, output } = await terraform(...args);
    if (code !== 0) throw new Error(output);
    return output;
  };
  const configure = (resource: Resources, rest: object = {}) => {
    const terraformBlock = { required_providers: required };
    const provider = Object.keys(settings).length > 0 ? { provider: settings } : {};
    const main = {
      terraform: terraformBlock,
      ...provider,
      ...(Object.keys(resource).length > 0 && { resource }),
      ...rest,
    };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(main));
  };
  const show = async (...args: string[]): Promise<any> => JSON.parse(await succeed('show', '-json', ...args));
  configure({});
  await succeed('init', '-no-color');
  return {
    configure,
    show,
    terraform,
    start,
    apply: async () => void (await succeed('apply', '-no-color', '-auto-approve')),
    destroy: async () => void (await succeed('destroy', '-no-color', '-auto-approve')),
    plan: async (...options) => {
      await succeed('plan', '-no-color', '-out=plan', ...options);
      const { resource_changes: changes = [] } = (await show('plan')) as PlanJson;
      return changes
        .map(({ address, change }) => ({ address, actions: change.actions }))
        .filter(({ actions }) => !actions.every((action) => action === 'no-op' || action === 'read'));
    },
    attributes: async (address) => {
      const { values } = (await show()) as StateJson;
      const found = values?.root_module.resources.find((resource) => resource.address === address);
      if (found === undefined) throw new Error(`${address} is not in the state`);
      return found.values;
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}
