/** The DigitalOcean cloud controller manager. It comes before Argo CD: until it has seen a node, nothing runs there. */
import { resolve } from 'node:path';
import { Release } from '@cdktf/provider-helm/lib/release';
import { AssetType, TerraformAsset, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { yamlText } from '#config/yaml-text';
import { writeOnlySecret } from '../write-only-secret';

const CHART = resolve(__dirname, '../../charts/digitalocean-ccm');

export interface CloudControllerProps {
  readonly region: string;
  readonly vpcId: string;
  /** DigitalOcean token for use inside the cluster: an expression, never a literal. */
  readonly token: string;
  /** Another one starts the controller again: it reads the token once. */
  readonly tokenRevision: number | undefined;
  readonly after: ITerraformDependable;
}

export class CloudController extends Construct {
  readonly release: Release;

  constructor(scope: Construct, id: string, props: CloudControllerProps) {
    super(scope, id);
    // The CSI driver reads the same secret; its name and key are fixed by both.
    const secret = writeOnlySecret(this, 'token', {
      metadata: { name: 'digitalocean', namespace: 'kube-system' },
      type: 'Opaque',
      data: { 'access-token': props.token },
      revision: props.tokenRevision,
      dependsOn: [props.after],
    });
    // As the state has it where no token is at hand, so that a plan without secrets shows no change.
    const tokenRevision = `\${${secret.fqn}.data_wo_revision}`;
    // An asset's path holds a hash of the chart: a changed chart is a change in the plan.
    const chart = new TerraformAsset(this, 'chart', { path: CHART, type: AssetType.DIRECTORY });
    this.release = new Release(this, 'release', {
      name: 'digitalocean-ccm',
      namespace: 'kube-system',
      chart: chart.path,
      values: [yamlText({ region: props.region, clusterVpcId: props.vpcId, tokenRevision })],
      wait: true,
      atomic: true,
      dependsOn: [secret],
    });
  }
}
