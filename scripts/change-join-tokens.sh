#!/usr/bin/env bash
# Gives a running server other join tokens. Runs on the server as root, on one after the other (docs/rotation.md), and again
# after an interruption.
# Standard input: two lines, the new passwords of servers and of workers.
set -euo pipefail
umask 077

root="${FORGE_ROOT:-}"
settings="$root/etc/rancher/k3s"

fail() {
  echo "$1" >&2
  exit 1
}

# The password in a setting, which is that or a full token.
known() {
  sed --quiet "s/^$1: \"\(.*:\)\?\([[:alnum:]]*\)\"$/\2/p" "$settings/config.yaml"
}

# Passwords are no arguments of a program; k3s hides its own.
replace() {
  local file="$1" old="$2" new="$3" text
  text="$(<"$file")"
  printf '%s\n' "${text//"$old"/"$new"}" >"$file.new"
  mv "$file.new" "$file"
}

change() {
  # k3s changes the servers' password only, and puts this file into etcd as it is. Changed by the settings alone, it would be newer
  # than etcd's, and the start after the next would fail.
  replace "$root/var/lib/rancher/k3s/server/cred/passwd" "$old_agent" "$new_agent"
  K3S_TOKEN="$old_server" "$root/usr/local/bin/k3s" token rotate --new-token "$new_server" ||
    fail 'k3s refused, and its settings are as they were. Run it again.'
  # The last one tells that all is done.
  for file in "$root/etc/forge/join.yaml" "$settings/config.yaml.d/20-cluster.yaml" "$settings/config.yaml"; do
    [[ -e $file ]] || continue
    replace "$file" "$old_server" "$new_server"
    replace "$file" "$old_agent" "$new_agent"
  done
}

{ read -r new_server && read -r new_agent; } || fail 'Two lines are expected: the new passwords of servers and of workers.'
for password in "$new_server" "$new_agent"; do
  [[ $password =~ ^f[[:alnum:]]{20,}$ ]] || fail 'A password is an f and at least 20 letters and digits. Nothing was changed.'
done
old_server="$(known token)"
old_agent="$(known agent-token)"
[[ -n $old_server && -n $old_agent ]] || fail "$settings/config.yaml has not both tokens. Nothing was changed."

[[ $old_server == "$new_server" && $old_agent == "$new_agent" ]] || change
echo 'k3s starts anew: until then it takes the passwords with which it started.'
systemctl restart k3s.service
