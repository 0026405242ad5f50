#!/bin/sh
# Makes sure that there is a browser for the tests of the front page: one that is installed, else Debian's package.
set -eu

for browser in chromium chromium-browser google-chrome; do
  if command -v "$browser" >/dev/null; then
    exit 0
  fi
done

as_root=''
[ "$(id -u)" = 0 ] || as_root='sudo --non-interactive'
echo 'Installing Chromium for the tests of the front page'
if ! { $as_root apt-get update -qq && $as_root apt-get install -qq -y --no-install-recommends chromium; }; then
  echo 'There is no Chromium, and the package chromium could not be installed. Install Chromium or Google Chrome.' >&2
  exit 1
fi
