#!/usr/bin/env bash
# Moves this worker's pods to other nodes before it shuts down, whatever the reason: a new generation of its pool, fewer
# nodes, a reboot. Whatever it cannot do, the machine goes off after all.
# Usage: drain-node.sh drain, as long as k3s runs; drain-node.sh uncordon, at the next start.
set -euo pipefail

root="${FORGE_ROOT:-}"
agent="$root/var/lib/rancher/k3s/agent"
mark="$root/var/lib/forge/cordoned"
# A new machine needs about five minutes to become a node. The unit gives up after 13 minutes, Terraform after 15.
SUCCESSOR_BY=480
EVICTED_BY=690
DETACHED_BY=750
GONE_SECONDS=60
PAUSE_SECONDS=5
# Of the API, a second apart: where it is gone, the machine must be off within 30 s.
PROBES_AT_FIRST=2
PROBES_LATER=6

# With the certificate of this node's kubelet, which may change its own Node and evict its own pods, or of kube-proxy,
# which may see other nodes. kubectl by itself tries some answers again for minutes.
as() {
  timeout 20 "$root/usr/local/bin/k3s" kubectl --kubeconfig /dev/null --cache-dir "$root/run/forge/kubectl" \
    --server "$api" --certificate-authority "$agent/server-ca.crt" \
    --client-certificate "$agent/client-$1.crt" --client-key "$agent/client-$1.key" --request-timeout=10s "${@:2}"
}

require_api() {
  local probe
  for ((probe = 1; probe <= $1; probe++)); do
    if as kubelet get --raw /readyz --request-timeout=3s >/dev/null 2>&1; then return; fi
    sleep 1
  done
  echo 'The API does not answer: nothing can be moved.'
  exit 0
}

own() {
  as kubelet get node "$node" --output "jsonpath=$1"
}

set_unschedulable() {
  as kubelet patch node "$node" --type merge --patch "{\"spec\":{\"unschedulable\":$1}}" >/dev/null
}

# What somebody else has cordoned stays cordoned.
cordon() {
  if [[ $(own '{.spec.unschedulable}') != true ]]; then
    mkdir --parents "$(dirname "$mark")"
    touch "$mark"
    set_unschedulable true
  fi
}

# Namespace and name of every pod that can move: a DaemonSet's cannot, nor a mirror pod, whose owner is the Node.
movable() {
  as kubelet get pods --all-namespaces \
    --field-selector "spec.nodeName=$node,status.phase!=Succeeded,status.phase!=Failed" \
    --output 'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {.metadata.ownerReferences[0].kind}{"\n"}{end}' |
    sed --regexp-extended '/ (DaemonSet|Node)$/d; s/ .*//'
}

has_successor() {
  as kube-proxy get nodes --selector "forge/pool=$pool" \
    --output 'jsonpath={range .items[*]}{.metadata.name} {.spec.unschedulable} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' |
    awk -v own="$node" '$1 != own && $2 == "True" { found = 1 } END { exit !found }'
}

# All nodes that go at the same time cordon themselves first, so that none counts on another one.
wait_for_successor() {
  sleep "$((2 * PAUSE_SECONDS))"
  until has_successor; do
    require_api "$PROBES_LATER"
    if ((SECONDS > SUCCESSOR_BY)); then
      echo "No other node of the pool $pool is Ready after $SUCCESSOR_BY s: going on without."
      return
    fi
    sleep "$PAUSE_SECONDS"
  done
}

# Within the pod's disruption budgets: otherwise it is refused, and asked again in the next round.
evict() {
  local namespace="${1%/*}" name="${1#*/}"
  echo "Moving $1."
  as kubelet create --raw "/api/v1/namespaces/$namespace/pods/$name/eviction" --filename - >/dev/null <<<"{
    \"apiVersion\": \"policy/v1\", \"kind\": \"Eviction\", \"metadata\": {\"namespace\": \"$namespace\", \"name\": \"$name\"}
  }"
}

wait_until_gone() {
  local by=$((SECONDS + GONE_SECONDS)) pods
  while pods="$(movable)" && grep --quiet --line-regexp --fixed-strings "$1" <<<"$pods" && ((SECONDS < by)); do
    sleep 1
  done
}

# One after the other, so that a pod's successor has the time to become Ready.
move_pods() {
  local pods pod
  until pods="$(movable)" && [[ -z $pods ]]; do
    require_api "$PROBES_LATER"
    for pod in $pods; do
      if ((SECONDS > EVICTED_BY)); then break; fi
      if evict "$pod"; then wait_until_gone "$pod"; fi
    done
    if ((SECONDS > EVICTED_BY)); then
      echo "After $EVICTED_BY s the machine goes off although there are still ${pods//$'\n'/, }."
      return
    fi
    sleep "$PAUSE_SECONDS"
  done
}

# A volume that is still attached to a lost node is let go after six minutes only.
wait_until_detached() {
  while ((SECONDS < DETACHED_BY)) && [[ -n $(own '{.status.volumesInUse}{.status.volumesAttached}') ]]; do
    sleep 1
  done
}

drain() {
  local pods pool
  require_api "$PROBES_AT_FIRST"
  until cordon || ((SECONDS > SUCCESSOR_BY)); do
    require_api "$PROBES_LATER"
    sleep "$PAUSE_SECONDS"
  done
  if pods="$(movable)" && [[ -z $pods ]]; then return; fi
  pool="$(sed --quiet 's|.*"forge/pool=\(.*\)"|\1|p' "$root/etc/rancher/k3s/config.yaml")"
  wait_for_successor
  move_pods
  wait_until_detached
}

uncordon() {
  until set_unschedulable false; do
    sleep "$PAUSE_SECONDS"
  done
  rm "$mark"
}

if [[ ! -e $agent/kubelet.kubeconfig || ($1 == uncordon && ! -e $mark) ]]; then exit; fi
node="$(sed --quiet 's/^node-name: //p' "$root/etc/rancher/k3s/config.yaml.d/10-node.yaml")"
api="$(sed --quiet 's/^ *server: //p' "$agent/kubelet.kubeconfig")"
"$1"
