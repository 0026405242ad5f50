#!/usr/bin/env bash
# Writes on this machine's own Node when the first of k3s' certificates ends: nobody outside can see the files. k3s renews
# them when it starts. The kubelet's certificate may annotate its own Node, and no other.
set -euo pipefail
shopt -s nullglob

root="${FORGE_ROOT:-}"
agent="$root/var/lib/rancher/k3s/agent"
server="$root/var/lib/rancher/k3s/server/tls"

node="$(sed --quiet 's/^node-name: //p' "$root/etc/rancher/k3s/config.yaml.d/10-node.yaml")"
api="$(sed --quiet 's/^ *server: //p' "$agent/kubelet.kubeconfig")"

first=''
for file in "$agent"/*.crt "$server"/*.crt "$server"/etcd/*.crt; do
  end="$(openssl x509 -in "$file" -noout -enddate -dateopt iso_8601)"
  end="${end#notAfter=}"
  if [[ -z $first || $end < $first ]]; then first="$end"; fi
done

curl --silent --show-error --fail --max-time 30 --output /dev/null --request PATCH \
  --cacert "$agent/server-ca.crt" --cert "$agent/client-kubelet.crt" --key "$agent/client-kubelet.key" \
  --header 'Content-Type: application/merge-patch+json' \
  --data "{\"metadata\":{\"annotations\":{\"forge/k3s-certificates-end\":\"${first/ /T}\"}}}" \
  "$api/api/v1/nodes/$node"
