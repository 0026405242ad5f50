#!/usr/bin/env bash
# Prints the name of the newest object in a part of this cluster's folder in Spaces, and how many seconds old it is, or
# nothing if there is none. Fails if it cannot know. The age is by the clock of Spaces: this machine's may be wrong.
# Usage: newest-object.sh [FOLDER/]
# Environment: SPACES_ENDPOINT, SPACES_BUCKET, SNAPSHOT_FOLDER.
set -euo pipefail
export LC_ALL=C

folder="$SNAPSHOT_FOLDER/${1:-}"
credentials="${FORGE_ROOT:-}/etc/forge/spaces.curlrc"

# S3 wants the hash of the (empty) body, and the parameters signed in alphabetical order. Not every curl sees to that.
EMPTY_BODY='x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

# A page of the list on one line, and on the next the time at which Spaces answered.
list() {
  local query="delimiter=%2F&list-type=2&prefix=${folder//\//%2F}"
  if [[ -n $1 ]]; then
    query+="&start-after=${folder//\//%2F}$1"
  fi
  curl --config "$credentials" --header "$EMPTY_BODY" --silent --show-error --fail --connect-timeout 10 --max-time 60 \
    --retry 3 --retry-delay 5 --write-out '\t%header{date}' "https://$SPACES_ENDPOINT/$SPACES_BUCKET?$query" | tr '\n\t' ' \n'
}

fail() {
  echo "The objects $folder… in Spaces cannot be listed: $1" >&2
  exit 1
}

newest='' newest_time='' last='' truncated=true
while [[ $truncated == true ]]; do
  answer="$(list "$last")" || fail 'the request failed.'
  page="${answer%$'\n'*}" now="${answer##*$'\n'}"
  [[ $page == *'<ListBucketResult'*'</ListBucketResult>'* ]] || fail 'the answer is not a list of objects.'
  truncated=false
  if [[ $page == *'<IsTruncated>true<'* ]]; then truncated=true; fi
  previous="$last"
  while IFS= read -r object; do
    [[ $object =~ \<Key\>"$folder"([A-Za-z0-9._-]+)\</Key\> ]] || continue
    name="${BASH_REMATCH[1]}"
    last="$name"
    [[ $object =~ \<LastModified\>([^<]+)\< ]] || fail "$name has no date."
    time="${BASH_REMATCH[1]}"
    if [[ $object != *'<Size>0<'* && $time > $newest_time ]]; then
      newest="$name" newest_time="$time"
    fi
  done <<<"${page//<\/Contents>/$'\n'}"
  [[ $truncated == false || $last != "$previous" ]] || fail 'a page of the list has nothing of it.'
done

if [[ -n $newest ]]; then
  [[ $now == *GMT ]] || fail 'the answer does not say what time it is.'
  now_seconds="$(date --date="$now" +%s)"
  newest_seconds="$(date --date="$newest_time" +%s)"
  echo "$newest $((now_seconds - newest_seconds))"
fi
