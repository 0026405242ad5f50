#!/usr/bin/env bash
# Waits until no server runs an older k3s than this worker: Kubernetes supports no kubelet newer than its API server.
# k3s gives every agent that knows the token a certificate of kube-proxy, which may read nodes.
# Environment: API_ADDRESS, K3S_VERSION.
set -euo pipefail

api="https://$API_ADDRESS:6443"
HTTP_ERROR=22
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

# Prints the version of the oldest server, or fails and prints why it is not known.
oldest_server() {
  local code=0 versions
  if ! ask --insecure --output "$work/ca.crt" "$api/cacerts"; then
    echo 'no server answers'
    return 1
  fi
  if ! echo "$hash  $work/ca.crt" | sha256sum --check --status; then
    echo "$api belongs to another cluster"
    return 1
  fi
  ask --cacert "$work/ca.crt" --config <(echo "user = \"$login\"") --output "$work/client.pem" \
    "$api/v1-k3s/client-kube-proxy.crt" || code=$?
  if ((code == HTTP_ERROR)); then
    echo "the servers do not take this worker's token, or are starting"
    return 1
  fi
  versions="$(ask --cacert "$work/ca.crt" --cert "$work/client.pem" \
    "$api/api/v1/nodes?labelSelector=node-role.kubernetes.io/control-plane" |
    sed --quiet 's/.*"kubeletVersion": *"\([^"]*\)".*/\1/p' | sort --version-sort | head --lines=1)" || versions=''
  echo "${versions:-no server says its version}"
  [[ -n $versions ]]
}

while true; do
  if servers="$(oldest_server)"; then
    oldest="$(printf '%s\n' "$K3S_VERSION" "$servers" | sort --version-sort | head --lines=1)"
    if [[ $oldest == "$K3S_VERSION" ]]; then
      exit 0
    fi
    servers="the oldest has $servers"
  fi
  echo "Waiting until all servers run at least k3s $K3S_VERSION: $servers."
  sleep 10
done
