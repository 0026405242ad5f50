import type { TerraformElement } from 'cdktf';
import { type DataTerraformRemoteStateS3, Fn, S3Backend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct, Node } from 'constructs';
import type { Contract, OutputsOf } from './contract';
import { outputId } from './contract';
import { CREDENTIALS_FILE, PROFILE, S3_SETTINGS_FILE } from './credential-files';
import { stateKey } from './stack-names';

/** Where and under which name a stack keeps its Terraform state. */
export interface SpacesStackProps {
  /** First part of every state key and cloud name. */
  readonly project: string;
  /** Second part: several environments share an account and a bucket. */
  readonly environment: string;
  readonly state: {
    readonly bucket: string;
    /** Full URL of the Spaces endpoint, for example https://fra1.digitaloceanspaces.com. */
    readonly endpoint: string;
    /** Let Terraform lock the state with a conditional write (`forge bootstrap` proves that the store honours it). */
    readonly lockfile: boolean;
  };
}

/**
 * A stack with its state in DigitalOcean Spaces. It publishes outputs by a contract and reads another stack's
 * outputs by the same contract, through the producer's own backend settings.
 */
export abstract class SpacesStack extends TerraformStack {
  readonly backend: S3Backend;

  constructor(scope: Construct, id: string, props: SpacesStackProps) {
    super(scope, id);
    // Write-only arguments exist from 1.11 on.
    this.addOverride('terraform.required_version', '>= 1.11.0, < 2.0.0');
    this.backend = new S3Backend(this, {
      bucket: props.state.bucket,
      key: stateKey(props.project, props.environment, id),
      endpoints: { s3: props.state.endpoint },
      // The name is only part of the signature: Spaces takes its region from the endpoint.
      region: 'us-east-1',
      sharedConfigFiles: [S3_SETTINGS_FILE],
      sharedCredentialsFiles: [CREDENTIALS_FILE],
      profile: PROFILE,
      usePathStyle: true,
      skipCredentialsValidation: true,
      skipMetadataApiCheck: true,
      skipRegionValidation: true,
      skipRequestingAccountId: true,
      // Spaces refuses the chunked bodies that carry checksums; see also S3_SETTINGS_FILE.
      skipS3Checksum: true,
    });
    // CDKTF 0.21 has no property for it.
    if (props.state.lockfile) this.backend.addOverride('use_lockfile', true);
  }

  /** Publishes the values of a contract as outputs with fixed ids. */
  protected publish<C extends Contract>(contract: C, values: OutputsOf<C>): void {
    for (const [name, { description, sensitive }] of Object.entries(contract)) {
      new TerraformOutput(this, outputId(name), { value: values[name], description, sensitive, staticId: true });
    }
  }

  /**
   * The outputs of another stack, read from its state. Adds the dependency, and hides the sensitive ones again:
   * Terraform does not carry the mark from one state to another.
   */
  protected outputsOf<C extends Contract>(producer: SpacesStack, contract: C): OutputsOf<C> {
    this.addDependency(producer);
    const name = producer.node.id;
    const found = this.node.tryFindChild(name) as DataTerraformRemoteStateS3 | undefined;
    const state = found ?? producer.backend.getRemoteStateDataSource(this, name, name);
    const entries = Object.entries(contract).map(([key, { sensitive }]) => {
      const value = state.getString(outputId(key));
      return [key, sensitive ? (Fn.sensitive(value) as string) : value];
    });
    return Object.fromEntries(entries) as OutputsOf<C>;
  }

  /** Addresses are the construct path as it stands, `droplet.workers_general_1`: no hash that a rename would change. */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = 'node' in element ? element.node : element;
    const path = node.scopes.slice(node.scopes.indexOf(this) + 1).map((scope) => scope.node.id);
    return path.join('_');
  }
}
