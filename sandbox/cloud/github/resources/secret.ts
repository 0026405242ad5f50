/** An Actions secret, still sealed. */
export interface StoredSecret {
  readonly name: string;
  /** Base64 of the sealed box. */
  box: string;
  readonly createdAt: string;
  updatedAt: string;
}
