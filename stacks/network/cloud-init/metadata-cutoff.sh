#!/usr/bin/env bash
# Drops what pods send to the metadata address: it hands the user data, tokens and all, to whoever asks.
# Packets of the host itself, and of pods on the host's network, do not pass PREROUTING.
set -euo pipefail

rule=(PREROUTING --destination 169.254.169.254/32 --jump DROP)

if ! iptables --wait --table raw --check "${rule[@]}" 2>/dev/null; then
  iptables --wait --table raw --insert "${rule[@]}"
fi
