#!/bin/sh
# Makes sure of what tests need besides npm's packages: a browser and nginx for the front page, restic for backups, Docker for
# machines. Those that are installed, else Debian's packages. nginx is only unpacked: an installed one starts at once and takes
# port 80. restic is built from its pinned module: Debian's is too old for the exit codes that the backups rely on.
# Usage: install-test-programs.sh <folder for nginx> <folder for restic>
set -eu
folder=$1
restic=$2

as_root=''
[ "$(id -u)" = 0 ] || as_root='sudo --non-interactive'

has() {
  for program; do
    if command -v "$program" >/dev/null; then return 0; fi
  done
  return 1
}

if ! has chromium chromium-browser google-chrome; then
  echo 'Installing Chromium for the tests of the front page'
  if ! { $as_root apt-get update -qq && $as_root apt-get install -qq -y --no-install-recommends chromium; }; then
    echo 'There is no Chromium, and the package chromium could not be installed. Install Chromium or Google Chrome.' >&2
    exit 1
  fi
fi

if ! has nginx /usr/sbin/nginx "$folder/usr/sbin/nginx"; then
  echo 'Unpacking nginx for the tests of the front page'
  mkdir -p "$folder"
  if ! (cd "$folder" && $as_root apt-get update -qq && apt-get download -qq nginx && dpkg-deb -x nginx_*.deb .); then
    echo 'There is no nginx, and the package nginx could not be fetched. Install nginx.' >&2
    exit 1
  fi
fi

if [ ! -x "$restic/restic" ]; then
  echo 'Building restic for the tests of the backups (once, some minutes)'
  here=$(cd "$(dirname "$0")" && pwd)
  go build -C "$here/restic" -mod=readonly -trimpath -o "$restic/" github.com/restic/restic/cmd/restic
fi

# Where systemd runs the package would start an engine for good, so there an engine must be installed by hand.
if ! docker version >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && [ ! -d /run/systemd/system ] &&
  ! { has dockerd && has mmdebstrap; }; then
  echo 'Installing Docker for the tests that boot machines'
  # Debian 13 has the client in a package of its own.
  if ! { apt-get update -qq && apt-get install -qq -y --no-install-recommends docker.io iptables mmdebstrap &&
    { has docker || apt-get install -qq -y --no-install-recommends docker-cli; }; }; then
    echo 'The packages docker.io and mmdebstrap could not be installed: no machine is booted.' >&2
  fi
fi
