/** Where requests to one port of the balancer go. */
export interface ForwardingRule {
  readonly entryProtocol: string;
  readonly entryPort: number;
  readonly targetProtocol: string;
  readonly targetPort: number;
  readonly tlsPassthrough: boolean;
}

/** How the balancer finds out which droplets can take requests. */
export interface HealthCheck {
  readonly protocol: string;
  readonly port: number;
  readonly path: string;
  readonly checkIntervalSeconds: number;
  readonly responseTimeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** Whether, and by which cookie, a client stays with one droplet. */
export interface StickySessions {
  readonly type: string;
  readonly cookieName: string;
  readonly cookieTtlSeconds: number;
}

/** What a caller decides. */
export interface LoadBalancerSettings {
  readonly name: string;
  /** Nodes of the balancer, 1 to 200. */
  readonly sizeUnit: number;
  readonly forwardingRules: readonly ForwardingRule[];
  readonly healthCheck: HealthCheck;
  readonly stickySessions: StickySessions;
  /** Droplets by tag; empty to name them in `dropletIds`. */
  readonly tag: string;
  readonly dropletIds: readonly number[];
  readonly enableProxyProtocol: boolean;
  readonly enableBackendKeepalive: boolean;
  readonly redirectHttpToHttps: boolean;
  readonly disableLetsEncryptDnsRecords: boolean;
  readonly httpIdleTimeoutSeconds: number;
  /** `ip:<address>` or `cidr:<range>`. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** What is decided at creation, for life. */
export interface LoadBalancerPlace {
  readonly region: string;
  readonly type: string;
  readonly network: string;
  readonly vpcId?: string;
}

/** A load balancer, as it is saved. */
export interface LoadBalancer extends Omit<LoadBalancerSettings, 'dropletIds'>, Required<LoadBalancerPlace> {
  readonly id: string;
  readonly ip: string;
  dropletIds: readonly number[];
  readonly createdAt: string;
}
