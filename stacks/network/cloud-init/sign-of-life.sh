#!/usr/bin/env bash
# Leaves this server's sign of life beside the snapshots, or takes it back. Whoever is about to start or restore a cluster
# sees by it that there is one (living-server.sh), also when nobody answers at the address of its API.
# Usage: sign-of-life.sh leave|remove
set -euo pipefail

root="${FORGE_ROOT:-}"
# k3s.service, which calls this, too, has no environment of ours: k3s would see it.
# shellcheck source=/dev/null
source "$root/etc/forge/bootstrap.env"
name="$(sed --quiet 's/^node-name: //p' "$root/etc/rancher/k3s/config.yaml.d/10-node.yaml")"

# S3 wants the hash of the body. Not every curl sees to that.
send() {
  local method="$1" body="$2" hash
  hash="$(printf %s "$body" | sha256sum)"
  curl --config "$root/etc/forge/spaces.curlrc" --header "x-amz-content-sha256: ${hash%% *}" --header 'content-type: text/plain' \
    --silent --show-error --fail --connect-timeout 5 --max-time 8 --request "$method" --data "$body" \
    "https://$SPACES_ENDPOINT/$SPACES_BUCKET/$SNAPSHOT_FOLDER/.alive/$name"
}

case $1 in
  leave)
    # A k3s that has not said READY is no member of a cluster yet.
    if systemctl is-active --quiet k3s.service; then send PUT "$name"; fi
    ;;
  remove)
    # systemd calls this whenever k3s ends. Only a machine that is shut down in good order knows that k3s will not be back.
    if [[ $(systemctl is-system-running) == stopping ]]; then send DELETE ''; fi
    ;;
esac
