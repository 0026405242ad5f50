/** A named pool of like machines that run the workloads. */
import type { Droplet } from '@cdktf/provider-digitalocean/lib/droplet';
import { Construct } from 'constructs';
import { agentUserData, type AgentUserDataProps } from './cloud-init/render';
import { VERSION_LABEL, versionLabel } from './cloud-init/version-label';
import { replacedByGeneration } from '../generation';
import { node, type NodePlacement } from './node';

export interface WorkerPoolProps extends NodePlacement {
  /** Prefix of the nodes' names. */
  readonly namePrefix: string;
  readonly pool: {
    readonly name: string;
    readonly count: number;
    readonly size: string;
    /** Raising it replaces every node of the pool, the new ones first. */
    readonly generation: number;
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly string[];
  };
  readonly tags: readonly string[];
  readonly userData: Omit<AgentUserDataProps, 'name' | 'labels' | 'taints'>;
}

export class WorkerPool extends Construct {
  readonly droplets: readonly Droplet[];

  constructor(scope: Construct, id: string, props: WorkerPoolProps) {
    super(scope, id);
    const { namePrefix, pool, userData, ...placement } = props;
    const replaced = replacedByGeneration(this, pool.generation);
    const labels = {
      ...pool.labels,
      'forge/pool': pool.name,
      'forge/generation': `${pool.generation}`,
      [VERSION_LABEL]: versionLabel(userData.k3s.version),
    };
    this.droplets = Array.from({ length: pool.count }, (_, index) => {
      const name = `${namePrefix}-${pool.name}-g${pool.generation}-${index + 1}`;
      return node(this, `${index + 1}`, {
        ...placement,
        name,
        size: pool.size,
        userData: agentUserData({ ...userData, name, labels, taints: pool.taints }),
        lifecycle: { createBeforeDestroy: true, ...replaced },
      });
    });
  }
}
