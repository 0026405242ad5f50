/** What a Spaces key may do with a bucket. */
export interface Grant {
  /** Name of a bucket; empty, with full access, for all of them. */
  readonly bucket: string;
  readonly permission: string;
}

/** An access key for Spaces. */
export interface SpacesKey {
  readonly accessKey: string;
  readonly secretKey: string;
  name: string;
  grants: Grant[];
  readonly createdAt: string;
}
