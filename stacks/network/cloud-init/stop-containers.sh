#!/usr/bin/env bash
# Ends the containers when the machine shuts down and k3s, which leaves them running, has stopped. Otherwise systemd waits
# 90 s for their shims, which take no notice of SIGTERM (k3s-io/k3s#2400).
set -euo pipefail

root="${FORGE_ROOT:-}"
GRACE_SECONDS=6

living() {
  local pid
  while read -r pid; do
    if kill -0 "$pid" 2>/dev/null; then echo "$pid"; fi
  done < <(find "$root/sys/fs/cgroup" -path '*/kubepods*/cgroup.procs' -exec cat {} + 2>/dev/null)
}

signal() {
  local pid
  for pid in $(living); do
    kill "-$1" "$pid" 2>/dev/null || true
  done
}

signal TERM
for ((second = 0; second < GRACE_SECONDS; second++)); do
  if [[ -z $(living) ]]; then break; fi
  sleep 1
done
signal KILL
pkill --signal KILL --full "^$root/var/lib/rancher/k3s/data/[^/]*/bin/containerd-shim" || true
