/** Names and tags in the DigitalOcean account. All start with project and environment, so environments never meet. */
export interface CloudNames {
  /** Also the tag of every node. */
  readonly cluster: string;
  /** Tag of the servers. */
  readonly servers: string;
  /** Tag of the workers. */
  readonly workers: string;
  readonly of: (thing: string) => string;
}

export function cloudNames(project: string, environment: string): CloudNames {
  const cluster = `${project}-${environment}`;
  return { cluster, servers: `${cluster}-server`, workers: `${cluster}-worker`, of: (thing) => `${cluster}-${thing}` };
}
