/** A virtual machine. */
export interface Droplet {
  readonly id: number;
  name: string;
  readonly region: string;
  /** Slug. */
  size: string;
  /** GiB; stays when a resize leaves the disk alone. */
  diskGiB: number;
  readonly image: string;
  readonly vpcId: string;
  readonly publicAddress: string;
  readonly privateAddress: string;
  tags: string[];
  readonly userData: string;
  readonly monitoring: boolean;
  status: 'new' | 'active' | 'off';
  readonly createdAt: string;
}
