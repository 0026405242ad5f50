/** The sandbox's data folder: everything that it leaves on the machine apart from the cache of tools. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface SandboxFolder {
  /** Absolute path. */
  readonly path: string;
  readonly settings: string;
  /** State bucket and snapshots. */
  readonly spaces: string;
  /** The emulated account and GitHub. */
  readonly cloud: string;
  /** Data and logs of the control plane. */
  readonly cluster: string;
  /** What machines in Docker read at their start. */
  readonly machines: string;
  /** What load balancers in Docker read. */
  readonly balancers: string;
  /** The authority in the place of Let's Encrypt. */
  readonly acme: string;
  /** The volumes of machines in Docker. */
  readonly volumes: string;
  /** Data of an engine of our own. */
  readonly docker: string;
  /** The repository that stands for the one on GitHub, and what Argo CD reads. */
  readonly git: string;
  /** Data and logs of Argo CD. */
  readonly argocd: string;
  /** Argo CD's charts, packaged. */
  readonly charts: string;
  readonly log: string;
  /** Who runs: written by the daemon. */
  readonly daemon: string;
  /** An empty Terraform CLI configuration: the user's own could name mirrors or overrides. */
  readonly terraformConfig: string;
  /** Outside of the folder, because a Unix socket's path ends at about 107 bytes. */
  readonly sockets: string;
  readonly controlSocket: string;
}

/** @param path by default `.forge` in the working directory */
export function sandboxFolder(path = '.forge'): SandboxFolder {
  const root = resolve(path);
  const name = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const sockets = join(tmpdir(), `forge-${name}`);
  return {
    path: root,
    settings: join(root, 'settings.json'),
    spaces: join(root, 'spaces'),
    cloud: join(root, 'cloud'),
    cluster: join(root, 'cluster'),
    machines: join(root, 'machines'),
    balancers: join(root, 'balancers'),
    acme: join(root, 'acme'),
    volumes: join(root, 'volumes'),
    docker: join(root, 'docker'),
    git: join(root, 'git'),
    argocd: join(root, 'argocd'),
    charts: join(root, 'charts'),
    log: join(root, 'sandbox.log'),
    daemon: join(root, 'daemon.json'),
    terraformConfig: join(root, 'terraform.rc'),
    sockets,
    controlSocket: join(sockets, 'control.sock'),
  };
}

/** Makes the folders that must exist before anything starts, for the owner only. */
export function prepareFolder(folder: SandboxFolder): void {
  for (const path of [folder.path, folder.spaces, folder.cloud, folder.cluster, folder.sockets]) {
    if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: 0o700 });
  }
}
