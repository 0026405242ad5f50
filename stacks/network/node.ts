/** What every droplet of the cluster has in common. */
import { Droplet, type DropletConfig } from '@cdktf/provider-digitalocean/lib/droplet';
import type { Construct } from 'constructs';

/** The place of a node: the same for all of them. */
export interface NodePlacement {
  readonly region: string;
  readonly vpcId: string;
  /** Ids of SSH keys; empty when SSH is closed. */
  readonly sshKeys: readonly string[];
}

export interface NodeProps extends NodePlacement {
  readonly name: string;
  /** DigitalOcean size slug. */
  readonly size: string;
  readonly tags: readonly string[];
  /** cloud-config, at most 64 KiB. */
  readonly userData: string;
  /** Is made, changed and powered on before this one. */
  readonly after?: Droplet | undefined;
  readonly lifecycle?: { readonly createBeforeDestroy?: boolean; readonly replaceTriggeredBy?: string[] };
}

/** Settings that exist only at creation. An edit must never replace a running node: raise a pool's generation instead. */
const CREATION_ONLY = ['user_data', 'image', 'ssh_keys'];

/**
 * The provider allows 60 s, 30 of them for its own waits; a worker moves its pods to others before it goes off
 * (cloud-init/drain-node.sh). A droplet keeps the value that it was last changed with.
 */
const DELETE_TIMEOUT = '15m';

/** A droplet that becomes a Kubernetes node by its user data alone. */
export function node(scope: Construct, id: string, props: NodeProps): Droplet {
  const { sshKeys, tags, vpcId, after, lifecycle, ...rest } = props;
  const config: DropletConfig = {
    ...rest,
    image: 'ubuntu-24-04-x64',
    vpcUuid: vpcId,
    tags: [...tags],
    ...(after === undefined ? {} : { dependsOn: [after] }),
    ...(sshKeys.length > 0 ? { sshKeys: [...sshKeys] } : {}),
    monitoring: true,
    // DigitalOcean's agent opens a console in the browser: nobody logs in to a machine.
    dropletAgent: false,
    gracefulShutdown: true,
    // A larger disk cannot be made smaller again; memory and CPU can.
    resizeDisk: false,
    timeouts: { delete: DELETE_TIMEOUT },
    lifecycle: { ...lifecycle, ignoreChanges: CREATION_ONLY },
  };
  return new Droplet(scope, id, config);
}
