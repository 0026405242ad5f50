/** A key pair, base64, with the id that a caller must name. */
export interface BoxKeys {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: string;
}
