/** Who is on the other side of a rule. */
export interface Peers {
  readonly addresses: readonly string[];
  readonly tags: readonly string[];
  readonly dropletIds: readonly number[];
  readonly loadBalancerIds: readonly string[];
}

/** What a firewall lets through in one direction. */
export interface FirewallRule {
  readonly protocol: string;
  /** One port, a range such as `8000-9000`, or `0` for all; always `0` for icmp. */
  readonly ports: string;
  readonly peers: Peers;
}

/** A cloud firewall, on the droplets that it names and on those with one of its tags. */
export interface Firewall {
  readonly id: string;
  name: string;
  tags: string[];
  dropletIds: number[];
  inbound: FirewallRule[];
  outbound: FirewallRule[];
  readonly createdAt: string;
}
