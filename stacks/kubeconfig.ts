/** A kubeconfig as people and workflows use it. */
export interface KubeconfigProps {
  /** Name of cluster, user and context. */
  readonly name: string;
  readonly server: string;
  /** PEM. */
  readonly clusterCaCertificate: string;
  /** PEM. */
  readonly clientCertificate: string;
  /** PEM. */
  readonly clientKey: string;
  /** Base64 of a text; Terraform's own function where the values are tokens. */
  readonly base64: (text: string) => string;
}

/** Kubeconfig with one context, in YAML. */
export function kubeconfig(props: KubeconfigProps): string {
  const { name, server, base64 } = props;
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${name}
    cluster:
      server: ${server}
      certificate-authority-data: ${base64(props.clusterCaCertificate)}
users:
  - name: ${name}
    user:
      client-certificate-data: ${base64(props.clientCertificate)}
      client-key-data: ${base64(props.clientKey)}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}
      namespace: rt
current-context: ${name}
`;
}
