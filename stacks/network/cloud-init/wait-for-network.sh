#!/usr/bin/env bash
# Waits until the metadata service answers and the names given as arguments resolve.
set -euo pipefail

missing() {
  local name
  if ! curl --silent --fail --output /dev/null --max-time 5 http://169.254.169.254/metadata/v1/id; then
    echo 'the metadata service does not answer'
    return
  fi
  for name in "$@"; do
    if ! getent ahosts "$name" >/dev/null; then
      echo "$name does not resolve"
      return
    fi
  done
}

while reason="$(missing "$@")" && [[ -n $reason ]]; do
  echo "Waiting for the network: $reason."
  sleep 3
done
