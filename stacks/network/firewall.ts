/** Who may talk to the nodes: nobody, except as said here. */
import { Firewall, type FirewallInboundRule } from '@cdktf/provider-digitalocean/lib/firewall';
import { Construct } from 'constructs';
import { kubernetesNetwork } from './kubernetes-network';

const ANYWHERE = ['0.0.0.0/0', '::/0'];
const SSH_PORT = '22';
/** All ports but SSH and the NodePorts (30000 to 32767), which have rules of their own. */
const TCP_INSIDE = ['1-21', '23-29999', '32768-65535'];
const UDP_INSIDE = ['1-29999', '32768-65535'];

export interface FirewallsProps {
  readonly nameOf: (thing: string) => string;
  /** Tags that decide which droplets a rule is for. */
  readonly tags: { readonly nodes: string; readonly servers: string; readonly workers: string };
  readonly vpcCidr: string;
  /** Public addresses of all nodes: they join through the public address of the API. */
  readonly nodeAddresses: readonly string[];
  /** CIDRs from `access` in forge.yaml. */
  readonly access: { readonly api: readonly string[]; readonly ssh: readonly string[] };
  /** The load balancer in front of the NodePorts. */
  readonly entranceId: string;
  /** The load balancer in front of the API, where there is one: its health checks. */
  readonly apiBalancerId: string | undefined;
}

export class Firewalls extends Construct {
  constructor(scope: Construct, id: string, props: FirewallsProps) {
    super(scope, id);
    const { nameOf, tags } = props;
    const { httpNodePort, httpsNodePort, sshNodePort } = kubernetesNetwork;
    new Firewall(this, 'nodes', {
      name: nameOf('nodes'),
      tags: [tags.nodes],
      inboundRule: [...insideTheVpc(props.vpcCidr), ...from(props.access.ssh, SSH_PORT)],
      outboundRule: [
        { protocol: 'tcp', portRange: '1-65535', destinationAddresses: ANYWHERE },
        { protocol: 'udp', portRange: '1-65535', destinationAddresses: ANYWHERE },
        { protocol: 'icmp', destinationAddresses: ANYWHERE },
      ],
    });
    new Firewall(this, 'servers', { name: nameOf('servers'), tags: [tags.servers], inboundRule: apiRules(props) });
    new Firewall(this, 'workers', {
      name: nameOf('workers'),
      tags: [tags.workers],
      inboundRule: [httpNodePort, httpsNodePort, sshNodePort].map((port) => ({
        protocol: 'tcp',
        portRange: `${port}`,
        sourceLoadBalancerUids: [props.entranceId],
      })),
    });
  }
}

function insideTheVpc(cidr: string): FirewallInboundRule[] {
  const rule = (protocol: string) => (portRange: string) => ({ protocol, portRange, sourceAddresses: [cidr] });
  return [
    ...TCP_INSIDE.map(rule('tcp')),
    ...UDP_INSIDE.map(rule('udp')),
    { protocol: 'icmp', sourceAddresses: [cidr] },
  ];
}

/**
 * The VPC, `access.api`, and the nodes: by address as well as by tag, for nothing says that a tag covers public addresses.
 * Until this firewall is there the one of all nodes keeps the port closed.
 */
function apiRules({ vpcCidr, nodeAddresses, tags, access, apiBalancerId }: FirewallsProps): FirewallInboundRule[] {
  return [
    {
      protocol: 'tcp',
      portRange: `${kubernetesNetwork.apiPort}`,
      sourceAddresses: [vpcCidr, ...access.api, ...nodeAddresses],
      sourceTags: [tags.nodes],
      ...(apiBalancerId === undefined ? {} : { sourceLoadBalancerUids: [apiBalancerId] }),
    },
  ];
}

function from(cidrs: readonly string[], portRange: string): FirewallInboundRule[] {
  return cidrs.length === 0 ? [] : [{ protocol: 'tcp', portRange, sourceAddresses: [...cidrs] }];
}
