#!/usr/bin/env bash
# k3s cannot go on with a very first start that was cut off: etcd is there, and what k3s would keep in it is not ("no
# bootstrap data found in datastore"). So until k3s has been READY once, every start of a new cluster begins with nothing.
# Until then nobody outside reaches the API either: its administrator is a user like others, who has no rights before.
# Usage: found-cluster.sh begin|finish <administrator>
set -euo pipefail

root="${FORGE_ROOT:-}"
# Left by bootstrap-server.sh, which decides that the cluster is a new one.
mark="$root/var/lib/forge/founding"
closed=(INPUT ! --in-interface lo --protocol tcp --dport 6443 --jump REJECT --reject-with tcp-reset)
ATTEMPTS=20

is_closed() {
  iptables --wait --check "${closed[@]}" 2>/dev/null
}

# With the certificate that k3s makes for itself on this machine.
kubectl() {
  timeout 20 "$root/usr/local/bin/k3s" kubectl --kubeconfig "$root/etc/rancher/k3s/k3s.yaml" --cache-dir "$root/run/forge/kubectl" "$@"
}

# The layers take the object over: k8s/01-init/administrator.yaml.
give_rights() {
  local attempt
  for ((attempt = 1; attempt <= ATTEMPTS; attempt++)); do
    kubectl create clusterrolebinding forge-administrator --clusterrole=cluster-admin --user="$1" || true
    if kubectl get clusterrolebinding forge-administrator >/dev/null; then return; fi
    sleep 1
  done
  echo "$1 could not be given the administrator's rights. Founding the cluster once more." >&2
  exit 1
}

[[ -e $mark ]] || exit 0
case $1 in
  begin)
    if [[ -e $root/var/lib/rancher/k3s/server/db ]]; then
      echo 'The first start of this new cluster was cut off: once more from the start.'
      rm --recursive --force "$root/var/lib/rancher/k3s/server/db"
    fi
    is_closed || iptables --wait --insert "${closed[@]}"
    ;;
  finish)
    give_rights "$2"
    iptables --wait --delete "${closed[@]}"
    rm "$mark"
    ;;
esac
