/** A public key that droplets can be created with. */
export interface SshKey {
  readonly id: number;
  readonly name: string;
  /** MD5 of the key, in the old colon form. */
  readonly fingerprint: string;
  readonly publicKey: string;
}
