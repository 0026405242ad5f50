/** A public address that can move from droplet to droplet; `dropletId` is undefined while it leads to none. */
export interface ReservedIp {
  readonly ip: string;
  readonly region: string;
  dropletId: number | undefined;
}
