#!/bin/sh
# Makes sure that tests can boot machines in Docker: with an engine that answers, else, as root, with Debian's packages,
# from which the tests start an engine of their own. Elsewhere those tests are skipped.
set -eu

if docker version >/dev/null 2>&1; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  exit 0
fi
if command -v dockerd >/dev/null && command -v mmdebstrap >/dev/null; then
  exit 0
fi
echo 'Installing Docker for the tests that boot machines'
if ! { apt-get update -qq && apt-get install -qq -y --no-install-recommends docker.io iptables mmdebstrap; }; then
  echo 'The packages docker.io and mmdebstrap could not be installed: no machine is booted.' >&2
fi
