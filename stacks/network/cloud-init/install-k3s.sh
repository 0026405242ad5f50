#!/usr/bin/env bash
# Installs the pinned k3s binary. A download with another checksum is refused and leaves nothing behind.
# Environment: K3S_VERSION, K3S_SHA256.
set -euo pipefail

target="${FORGE_ROOT:-}/usr/local/bin/k3s"
download="$target.download"
url="https://github.com/k3s-io/k3s/releases/download/${K3S_VERSION/+/%2B}/k3s"

matches() {
  echo "$K3S_SHA256  $1" | sha256sum --check --status 2>/dev/null
}

if matches "$target"; then
  exit 0
fi

trap 'rm --force "$download"' EXIT
echo "Downloading k3s $K3S_VERSION."
# However slow, as long as it goes on.
if ! curl --silent --show-error --fail --location --proto '=https' --connect-timeout 10 --speed-limit 1024 --speed-time 30 \
  --retry 5 --retry-delay 5 --retry-all-errors --output "$download" "$url"; then
  used="$(df --output=pcent "$(dirname "$target")" | tail --lines=1)"
  echo "k3s could not be downloaded to a disk of which ${used// /} is in use. Trying again." >&2
  exit 1
fi
if ! matches "$download"; then
  echo "$url does not have the SHA-256 $K3S_SHA256: refused. Compare kubernetes.version in forge.yaml with the release." >&2
  exit 1
fi
chmod 0755 "$download"
mv "$download" "$target"
echo "Installed k3s $K3S_VERSION."
