#!/usr/bin/env bash
# Waits until no server runs an older k3s than this worker: Kubernetes supports no kubelet newer than its API server.
# k3s gives every agent that knows the token a certificate of kube-proxy, which may read nodes.
# Environment: API_ADDRESS, K3S_VERSION.
set -euo pipefail

api="https://$API_ADDRESS:6443"
token="$(sed --quiet 's/^token: "\(.*\)"$/\1/p' "${FORGE_ROOT:-}/etc/rancher/k3s/config.yaml")"
if [[ ! $token =~ ^K10([0-9a-f]{64})::(node:.+)$ ]]; then
  echo 'The token in /etc/rancher/k3s/config.yaml is no full token of a worker.' >&2
  exit 1
fi
hash="${BASH_REMATCH[1]}" login="${BASH_REMATCH[2]}"
work="$(mktemp --directory)"
trap 'rm --recursive --force "$work"' EXIT

ask() {
  curl --silent --fail --connect-timeout 5 --max-time 10 "$@"
}

oldest_server() {
  ask --insecure --output "$work/ca.crt" "$api/cacerts" || return
  echo "$hash  $work/ca.crt" | sha256sum --check --status || return
  ask --cacert "$work/ca.crt" --config <(echo "user = \"$login\"") --output "$work/client.pem" \
    "$api/v1-k3s/client-kube-proxy.crt" || return
  ask --cacert "$work/ca.crt" --cert "$work/client.pem" \
    "$api/api/v1/nodes?labelSelector=node-role.kubernetes.io/control-plane" |
    sed --quiet 's/.*"kubeletVersion": *"\([^"]*\)".*/\1/p' | sort --version-sort | head --lines=1
}

while true; do
  servers="$(oldest_server)" || servers=''
  oldest="$(printf '%s\n' "$K3S_VERSION" "$servers" | sort --version-sort | head --lines=1)"
  if [[ -n $servers && $oldest == "$K3S_VERSION" ]]; then
    exit 0
  fi
  echo "Waiting until all servers run at least k3s $K3S_VERSION: the oldest has ${servers:-not answered}."
  sleep 10
done
