#!/usr/bin/env bash
# Installs the linters that are no npm packages into a folder: shellcheck and zizmor from PyPI, actionlint built from its pinned Go module.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
target=$1
tmp=$target.tmp.$$
trap 'rm -rf "$tmp"' EXIT

echo 'Installing shellcheck, zizmor and actionlint (once) ...' >&2
python3 -m venv "$tmp"
"$tmp/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --requirement "$here/requirements.txt"
go build -C "$here" -mod=readonly -trimpath -o "$tmp/bin/actionlint" github.com/rhysd/actionlint/cmd/actionlint
# Whoever was faster has installed the same.
mv -T "$tmp" "$target" 2>/dev/null || [ -x "$target/bin/actionlint" ]
