/**
 * Every chart, release and image that the layers use. Checked on 2026-11-23: each stands in at least two independent
 * public sources (release notes, registries' listings, clusters' records); a digest only where the same holds for it.
 */

/** Helm charts: repository, chart, version. */
export const CHARTS = {
  traefik: ['https://traefik.github.io/charts', 'traefik', '41.6.1'],
  'cert-manager': ['https://charts.jetstack.io', 'cert-manager', 'v1.21.2'],
} as const;

/** Images of the layers' own pods. */
export const IMAGES = [
  'docker.io/gitea/gitea:1.27.3-rootless',
  'docker.io/jenkins/jenkins:2.580.1-lts-jdk21',
  'docker.io/library/postgres:18.6-alpine3.24',
  'docker.io/nginxinc/nginx-unprivileged:1.30.5-alpine-slim',
  'docker.io/rclone/rclone:1.75.2@sha256:2687085f718d3c628f7fdfb77c52a1d344332aed543110bb88088f2c70d43eb5',
] as const;

/** Releases that k8s/components takes files of. */
export const DIGITALOCEAN_CSI = 'v4.18.0';
export const SYSTEM_UPGRADE_CONTROLLER = 'v0.20.2';
/** Drains and cordons nodes of Kubernetes 1.36: one minor version more or less is supported. */
export const KUBECTL_IMAGE = 'docker.io/rancher/kubectl:v1.36.2';
/** Without a tag: the controller appends the plan's version. */
export const K3S_UPGRADE_IMAGE = 'docker.io/rancher/k3s-upgrade';
