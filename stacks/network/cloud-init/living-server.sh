#!/usr/bin/env bash
# Says which server of this cluster still left a sign of life a short time ago, and when, or nothing if none did. Fails if
# it cannot know.
# Environment: that of newest-object.sh.
set -euo pipefail

# Signs come every three minutes. Spaces may be out of a server's reach for a while.
SECONDS_OF_LIFE=900

sign="$("$(dirname "${BASH_SOURCE[0]}")/newest-object.sh" .alive/)"
read -r node age <<<"$sign"
if [[ -n $node ]] && ((age < SECONDS_OF_LIFE)); then
  echo "$node left a sign of life $age s ago; it counts for $SECONDS_OF_LIFE s."
fi
