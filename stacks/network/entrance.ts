/** The way in for people: one load balancer for web pages and Git over SSH, and the names that lead to it. */
import { DataDigitaloceanDomain } from '@cdktf/provider-digitalocean/lib/data-digitalocean-domain';
import { Loadbalancer } from '@cdktf/provider-digitalocean/lib/loadbalancer';
import { Record as DnsRecord } from '@cdktf/provider-digitalocean/lib/record';
import { Construct } from 'constructs';
import type { Host } from '#config/hosts';
import { kubernetesNetwork } from './kubernetes-network';

const RECORD_TTL_SECONDS = 300;

export interface EntranceProps {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  /** Tag of the nodes that Traefik's NodePorts are open on. */
  readonly workerTag: string;
  readonly domain: string;
  /** Names that lead to it, under the domain. */
  readonly hosts: readonly Host[];
  /** Port for Git over SSH. */
  readonly gitSshPort: number;
  /** Keep the records in DigitalOcean's DNS; the domain must be a zone of the account. */
  readonly dnsManaged: boolean;
}

export class Entrance extends Construct {
  readonly loadBalancer: Loadbalancer;

  constructor(scope: Construct, id: string, props: EntranceProps) {
    super(scope, id);
    this.loadBalancer = this.balancer(props);
    if (props.dnsManaged) this.records(props);
  }

  private balancer(props: EntranceProps): Loadbalancer {
    const { httpNodePort, httpsNodePort, sshNodePort } = kubernetesNetwork;
    const tcp = (entryPort: number, targetPort: number) => ({
      entryPort,
      entryProtocol: 'tcp',
      targetPort,
      targetProtocol: 'tcp',
    });
    return new Loadbalancer(this, 'balancer', {
      name: props.name,
      region: props.region,
      vpcUuid: props.vpcId,
      type: 'REGIONAL',
      dropletTag: props.workerTag,
      // Traefik would otherwise see the load balancer's address as everybody's.
      enableProxyProtocol: true,
      forwardingRule: [tcp(80, httpNodePort), tcp(443, httpsNodePort), tcp(props.gitSshPort, sshNodePort)],
      healthcheck: { port: httpNodePort, protocol: 'tcp' },
      // The most that there is; for TCP it is not documented. The default of a minute would cut a push whose hooks run.
      httpIdleTimeoutSeconds: 600,
    });
  }

  private records({ domain, hosts }: EntranceProps): void {
    // Read, not made: a zone may hold mail and other records that a destroy must not take along.
    const zone = new DataDigitaloceanDomain(this, 'zone', { name: domain });
    for (const host of hosts) {
      new DnsRecord(this, host, {
        domain: zone.name,
        type: 'A',
        name: host,
        value: this.loadBalancer.ip,
        ttl: RECORD_TTL_SECONDS,
      });
    }
  }
}
