#!/usr/bin/env bash
# Writes the k3s settings that only the running droplet knows. The droplet's id makes the node's name unique for ever,
# so a replacement never meets the node password of its predecessor.
# Environment: ROLE.
set -euo pipefail
umask 077

settings="${FORGE_ROOT:-}/etc/rancher/k3s/config.yaml.d/10-node.yaml"

metadata() {
  curl --silent --show-error --fail --max-time 5 --retry 5 --retry-delay 2 --retry-all-errors \
    "http://169.254.169.254/metadata/v1/$1" || fail "The metadata service does not tell $1. Trying again."
}

fail() {
  echo "$1" >&2
  exit 1
}

id="$(metadata id)"
hostname="$(metadata hostname)"
address="$(metadata interfaces/private/0/ipv4/address)"
[[ $id =~ ^[0-9]+$ ]] || fail "The metadata service says that the droplet's id is '$id': not a number."
[[ $address =~ ^[0-9]+(\.[0-9]+){3}$ ]] || fail "The metadata service says that the VPC address is '$address'."
name="$hostname-$id"
((${#name} <= 63)) || fail "The node name $name has more than 63 characters, which Kubernetes refuses."
interface="$(ip -oneline -4 address show to "$address" | awk 'NR == 1 { print $2 }')"
[[ -n $interface ]] || fail "No network interface has the VPC address $address."

mkdir --parents "$(dirname "$settings")"
{
  echo "node-name: $name"
  echo "node-ip: $address"
  echo "flannel-iface: $interface"
  # The plus sign adds to the list in config.yaml, where k3s would otherwise replace it.
  echo 'kubelet-arg+:'
  echo "  - provider-id=digitalocean://$id"
  if [[ $ROLE != agent ]]; then
    echo "advertise-address: $address"
  fi
} >"$settings.new"
mv "$settings.new" "$settings"
echo "This is node $name, $address on $interface."
