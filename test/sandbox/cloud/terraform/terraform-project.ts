/** A folder with a Terraform configuration whose providers are emulated ones. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProviders, type AnyProvider } from '#sandbox/cloud/terraform/engine/providers';
import { atEnd } from '#test/at-end';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { newFolder } from '#test/new-folder';

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

interface StateJson {
  readonly values?: {
    readonly root_module: { readonly resources: { address: string; values: Record<string, unknown> }[] };
  };
}

interface PlanJson {
  readonly resource_changes?: { readonly address: string; readonly change: { readonly actions: string[] } }[];
}

/** What the blocks of the providers kubernetes and helm say of a cluster. */
export function clusterBlock({ server, clusterCaCertificate, clientCertificate, clientKey }: KubernetesAccess): object {
  return {
    host: server,
    cluster_ca_certificate: clusterCaCertificate,
    client_certificate: clientCertificate,
    client_key: clientKey,
  };
}

/** A project whose providers are stand-ins, which end with the tests of the file. @param settings provider blocks, by the provider's name */
export async function terraformProject(
  providers: readonly AnyProvider[],
  settings: Readonly<Record<string, object>> = {},
): Promise<TerraformProject> {
  const running = await startProviders(providers, newFolder('tf'));
  atEnd(() => running.stop());
  const required = providers.map(({ address }) => [address.split('/').at(-1)!, { source: address }]);
  return openProject({
    required: Object.fromEntries(required) as object,
    settings,
    environment: { TF_REATTACH_PROVIDERS: running.reattach },
  });
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

export async function openProject(options: ProjectOptions): Promise<TerraformProject> {
  const project = new TerraformProject(options);
  project.configure({});
  await project.succeed('init', '-no-color');
  return project;
}

export class TerraformProject {
  private readonly folder = newFolder('tf');

  constructor(private readonly options: ProjectOptions) {
    writeFileSync(this.rcFile, options.rc ?? '');
  }

  /** Writes the configuration, in place of the one before. */
  configure(resource: Resources, rest: object = {}): void {
    const { required, settings } = this.options;
    const main = {
      terraform: { required_providers: required },
      ...(Object.keys(settings).length > 0 && { provider: settings }),
      ...(Object.keys(resource).length > 0 && { resource }),
      ...rest,
    };
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify(main));
  }

  /** Runs Terraform, whatever comes of it. */
  terraform(...args: string[]): Promise<Outcome> {
    return this.start(...args).outcome;
  }

  /** The same, for a run that does not end by itself. */
  start(...args: string[]): Run {
    const settings = { cwd: this.folder, env: this.env(), maxBuffer: 2 ** 26 };
    let resolve: (outcome: Outcome) => void;
    const outcome = new Promise<Outcome>((ended) => (resolve = ended));
    const child = execFile('terraform', args, settings, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` });
    });
    return { outcome, interrupt: () => void child.kill('SIGINT') };
  }

  /** Runs Terraform. An error with its output if that fails. */
  async succeed(...args: string[]): Promise<string> {
    const { code, output } = await this.terraform(...args);
    if (code !== 0) throw new Error(output);
    return output;
  }

  async apply(): Promise<void> {
    await this.succeed('apply', '-no-color', '-auto-approve');
  }

  async destroy(): Promise<void> {
    await this.succeed('destroy', '-no-color', '-auto-approve');
  }

  async plan(...options: string[]): Promise<PlannedChange[]> {
    await this.succeed('plan', '-no-color', '-out=plan', ...options);
    const { resource_changes: changes = [] } = (await this.show('plan')) as PlanJson;
    return changes
      .map(({ address, change }) => ({ address, actions: change.actions }))
      .filter(({ actions }) => !actions.every((action) => action === 'no-op' || action === 'read'));
  }

  /** Terraform's JSON of a plan file, or of the state. */
  async show(...plan: string[]): Promise<any> {
    return JSON.parse(await this.succeed('show', '-json', ...plan));
  }

  /** Attributes of a resource in the state. */
  async attributes(address: string): Promise<Record<string, unknown>> {
    const { values } = (await this.show()) as StateJson;
    const found = values?.root_module.resources.find((resource) => resource.address === address);
    if (found === undefined) throw new Error(`${address} is not in the state`);
    return found.values;
  }

  private get rcFile(): string {
    return join(this.folder, 'terraform.rc');
  }

  private env(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: this.folder,
      TF_CLI_CONFIG_FILE: this.rcFile,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      ...this.options.environment,
    };
  }
}
