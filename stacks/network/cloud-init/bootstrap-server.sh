#!/usr/bin/env bash
# Decides, before k3s first starts, how this server gets its cluster: it joins the one that answers, restores the newest
# snapshot, or starts a new one. Whatever it cannot find out for certain makes it fail, and systemd runs it again:
# a new cluster in the place of an old one would be the loss of all data.
# Environment: ROLE, API_ADDRESS, and that of probe-api.sh and newest-object.sh.
set -euo pipefail
umask 077

here="$(dirname "${BASH_SOURCE[0]}")"
root="${FORGE_ROOT:-}"
state="$root/var/lib/forge"
server="$root/var/lib/rancher/k3s/server"
cluster_settings="$root/etc/rancher/k3s/config.yaml.d/20-cluster.yaml"

PKI_FILES=11
PAUSE_SECONDS=10
# A first boot must not wait long. Where there are snapshots there was a cluster: it may only be slow to answer.
PROBES_AT_FIRST=3
PROBES_BEFORE_RESTORE=4
PAUSE_SECONDS_BEFORE_RESTORE=30

fail() {
  echo "$1" >&2
  exit 1
}

has_data() {
  [[ -d $server/db/etcd/member/wal ]]
}

# k3s does not run before the decision is made, so data beside this mark is what an interrupted restore left.
discard_interrupted_restore() {
  if [[ -e $state/restoring ]]; then
    echo "The restore of $(<"$state/restoring") was interrupted: once more from the start."
    rm --recursive --force "$server/db"
    rm "$state/restoring"
  fi
}

# As long as somebody answers, but not as our cluster, there is nothing to decide.
api_answers_within() {
  local probes="$1" pause="$2" unanswered=0 code
  while true; do
    code=0
    "$here/probe-api.sh" || code=$?
    case $code in
      0) return 0 ;;
      1)
        unanswered=$((unanswered + 1))
        echo "No answer from https://$API_ADDRESS:6443 ($unanswered of $probes)."
        if ((unanswered == probes)); then return 1; fi
        ;;
      *)
        unanswered=0
        echo 'Nothing is started beside it. Asking again.'
        ;;
    esac
    sleep "$pause"
  done
}

wait_for_api() {
  local attempt=1
  until "$here/probe-api.sh"; do
    echo "Waiting for the cluster at https://$API_ADDRESS:6443 to join it (attempt $attempt)."
    attempt=$((attempt + 1))
    sleep "$PAUSE_SECONDS"
  done
  echo "Joining the cluster at https://$API_ADDRESS:6443."
}

# k3s may replace or remove its tls folder while a decision is under way; the files that came with the machine stay.
keep_pki() {
  local files
  [[ ! -d $state/pki ]] || return 0
  files=("$server"/tls/*.{crt,key} "$server"/tls/etcd/*.{crt,key})
  ((${#files[@]} == PKI_FILES)) || fail "$server/tls has ${#files[@]} files instead of $PKI_FILES: k3s would make up the rest."
  mkdir --parents "$state"
  # They may be as young as this boot, and there is no second copy.
  sync "${files[@]}"
  mv "$server/tls" "$state/pki"
}

place_pki() {
  rm --recursive --force "$server/tls" "$server/tls.new"
  cp --archive "$state/pki" "$server/tls.new"
  mv "$server/tls.new" "$server/tls"
}

write_cluster_settings() {
  mkdir --parents "$(dirname "$cluster_settings")"
  cat >"$cluster_settings.new"
  mv "$cluster_settings.new" "$cluster_settings"
}

join() {
  echo "The cluster answers at https://$API_ADDRESS:6443: joining it."
  # Files that differ from the cluster's and are newer are fatal to k3s. Without any it fetches them.
  rm --recursive --force "$server/tls"
  write_cluster_settings <"$root/etc/forge/join.yaml"
}

restore() {
  local snapshot="$1"
  echo "Restoring the snapshot $snapshot."
  place_pki
  # k3s refuses to restore while it is told to join.
  rm --force "$cluster_settings"
  echo "$snapshot" >"$state/restoring"
  timeout --kill-after=60 1800 "$root/usr/local/bin/k3s" server --cluster-reset "--cluster-reset-restore-path=$snapshot" ||
    fail "k3s could not restore $snapshot. Trying again; to use the one before it, remove it from Spaces."
  has_data || fail "k3s restored $snapshot, but there is no etcd data. Trying again."
  rm "$state/restoring"
}

start_new() {
  echo 'No cluster answers and there is no snapshot: starting a new cluster.'
  touch "$state/founding"
  place_pki
  write_cluster_settings <<<'cluster-init: true'
}

# That nobody answers at one address is no proof that the cluster is gone.
refuse_beside_living_server() {
  local living
  living="$("$here/living-server.sh")" || fail 'Not knowing whether a server lives, nothing is started. Trying again.'
  [[ -z $living ]] || fail "$living Nothing is started beside it. Trying again."
}

decide() {
  local snapshot
  if api_answers_within "$PROBES_AT_FIRST" "$PAUSE_SECONDS"; then
    join
    return
  fi
  snapshot="$("$here/newest-object.sh")" || fail 'Not knowing whether there is a snapshot, nothing is started. Trying again.'
  if [[ -n $snapshot ]] && api_answers_within "$PROBES_BEFORE_RESTORE" "$PAUSE_SECONDS_BEFORE_RESTORE"; then
    join
    return
  fi
  refuse_beside_living_server
  if [[ -z $snapshot ]]; then start_new; else restore "${snapshot%% *}"; fi
}

discard_interrupted_restore
if has_data; then
  echo 'This server has its etcd data: nothing to decide.'
elif [[ $ROLE == joiner ]]; then
  wait_for_api
else
  shopt -s nullglob
  keep_pki
  decide
fi
