/** Block storage; `dropletId` is undefined while it is attached to no droplet. */
export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly description: string;
  sizeGiB: number;
  /** `ext4`, `xfs` or empty. */
  readonly filesystemType: string;
  readonly filesystemLabel: string;
  tags: string[];
  dropletId: number | undefined;
  readonly createdAt: string;
}
