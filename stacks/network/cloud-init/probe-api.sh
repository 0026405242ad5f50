#!/usr/bin/env bash
# Asks whether this cluster's API answers. Exit code 0: it does; 1: nobody answers; 2: somebody else does, or it is not ready.
# The certificate need not be verified: its authority is compared with the hash that is also in the join token.
# Environment: API_ADDRESS, CA_HASH.
set -euo pipefail

HTTP_ERROR=22

code=0
hash="$(curl --silent --fail --insecure --connect-timeout 5 --max-time 10 "https://$API_ADDRESS:6443/cacerts" | sha256sum)" || code=$?
if ((code == HTTP_ERROR)); then
  echo "https://$API_ADDRESS:6443 answers with an error: it may be starting."
  exit 2
elif ((code != 0)); then
  exit 1
elif [[ ${hash%% *} != "$CA_HASH" ]]; then
  echo "https://$API_ADDRESS:6443 belongs to another cluster: its certificate authority is not ours."
  exit 2
fi
