/** Where a Kubernetes API is, and who we are to it. */
export interface KubernetesAccess {
  /** URL. */
  readonly server: string;
  /** Name that the server's certificate must carry, where it is not the host. */
  readonly serverName?: string;
  /** PEM. */
  readonly clusterCaCertificate: string;
  /** PEM. */
  readonly clientCertificate: string;
  /** PEM. */
  readonly clientKey: string;
}
