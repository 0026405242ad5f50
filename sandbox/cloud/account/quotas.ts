/** Objects that an account may hold at most. The real limits are DigitalOcean's decision and differ by account. */
export interface Quotas {
  readonly droplets: number;
  readonly volumes: number;
  readonly loadBalancers: number;
  readonly reservedIps: number;
}

/** 25 droplets is what an account in good standing is reported to get, three reserved IPs is documented. */
export const DEFAULT_QUOTAS: Quotas = { droplets: 25, volumes: 100, loadBalancers: 10, reservedIps: 3 };
