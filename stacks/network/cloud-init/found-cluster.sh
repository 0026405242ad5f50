#!/usr/bin/env bash
# k3s cannot go on with a very first start that was cut off: etcd is there, and what k3s would keep in it is not ("no
# bootstrap data found in datastore"). So until k3s has been READY once, every start of a new cluster begins with nothing.
# Usage: found-cluster.sh begin|finish
set -euo pipefail

root="${FORGE_ROOT:-}"
# Left by bootstrap-server.sh, which decides that the cluster is a new one.
mark="$root/var/lib/forge/founding"

case $1 in
  begin)
    if [[ -e $mark && -e $root/var/lib/rancher/k3s/server/db ]]; then
      echo 'The first start of this new cluster was cut off: once more from the start.'
      rm --recursive --force "$root/var/lib/rancher/k3s/server/db"
    fi
    ;;
  finish) rm --force "$mark" ;;
esac
