/** A private network in one region. */
export interface Vpc {
  readonly id: string;
  name: string;
  description: string;
  readonly region: string;
  /** CIDR. */
  readonly ipRange: string;
  /** The region's default VPC takes droplets that name none. */
  readonly default: boolean;
  readonly createdAt: string;
}
