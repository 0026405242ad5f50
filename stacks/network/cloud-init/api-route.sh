#!/usr/bin/env bash
# Makes the address of the API's load balancer one of this server's own, or takes that back. The load balancer passes
# packets on with its own address as their destination, and its health checks too: without this route they are dropped.
# With it, what this server itself sends there stays here: so only a server that is a finished member may have it.
# Usage: api-route.sh add|delete ADDRESS
set -euo pipefail

address="$2"

case $1 in
  add)
    interface="$(ip -4 route show default | awk 'NR == 1 { for (i = 1; i < NF; i++) if ($i == "dev") print $(i + 1) }')"
    if [[ -z $interface ]]; then
      echo "There is no default route, so it is not known on which interface packets for $address arrive." >&2
      exit 1
    fi
    ip route replace local "$address" dev "$interface"
    echo "$address is this server's own from now on: it takes requests to the API."
    ;;
  delete)
    ip route delete local "$address"
    echo "$address is no longer this server's own: the load balancer sends requests to others."
    ;;
esac
