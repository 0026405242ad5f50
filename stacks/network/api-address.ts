/** The address of the Kubernetes API. It exists before the servers, so their certificates can name it. */
import { Loadbalancer } from '@cdktf/provider-digitalocean/lib/loadbalancer';
import type { Project } from '@cdktf/provider-digitalocean/lib/project';
import { ReservedIp } from '@cdktf/provider-digitalocean/lib/reserved-ip';
import { ReservedIpAssignment } from '@cdktf/provider-digitalocean/lib/reserved-ip-assignment';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { kubernetesNetwork } from './kubernetes-network';

export interface ApiAddressProps {
  readonly servers: 1 | 3;
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  /** Tag of the servers. */
  readonly serverTag: string;
}

/** One server: a reserved IP, which a replacement takes over. Three: a load balancer. */
export class ApiAddress extends Construct {
  readonly address: string;
  /** For the project that lists everything. */
  readonly urn: string;
  /** Id of the load balancer, where there is one. */
  readonly loadBalancerId: string | undefined;
  private readonly reservedIp: ReservedIp | undefined;

  constructor(scope: Construct, id: string, props: ApiAddressProps) {
    super(scope, id);
    if (props.servers === 1) {
      this.reservedIp = new ReservedIp(this, 'ip', { region: props.region });
      this.address = this.reservedIp.ipAddress;
      // Projects list a reserved IP under its old name; the resource's own urn would differ at every plan.
      this.urn = `do:floatingip:${this.reservedIp.ipAddress}`;
    } else {
      const balancer = this.balancer(props);
      this.address = balancer.ip;
      this.urn = balancer.urn;
      this.loadBalancerId = balancer.id;
    }
  }

  /**
   * Points the reserved IP to the only server; a load balancer finds its servers by their tag.
   *
   * @param project claims both. A droplet has one event at a time, and this version of the provider does not wait for it
   */
  assignTo(dropletId: string, project: Project): void {
    if (this.reservedIp === undefined) return;
    new ReservedIpAssignment(this, 'assignment', {
      ipAddress: this.reservedIp.ipAddress,
      dropletId: Token.asNumber(dropletId),
      dependsOn: [project],
    });
  }

  private balancer(props: ApiAddressProps): Loadbalancer {
    const port = kubernetesNetwork.apiPort;
    return new Loadbalancer(this, 'balancer', {
      name: props.name,
      region: props.region,
      vpcUuid: props.vpcId,
      // Passes packets on with the caller's address, so that the servers' firewall decides for one and for three alike.
      type: 'REGIONAL_NETWORK',
      dropletTag: props.serverTag,
      forwardingRule: [{ entryPort: port, entryProtocol: 'tcp', targetPort: port, targetProtocol: 'tcp' }],
      healthcheck: { port, protocol: 'tcp', checkIntervalSeconds: 10, healthyThreshold: 2, unhealthyThreshold: 3 },
    });
  }
}
