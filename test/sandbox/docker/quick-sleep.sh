#!/bin/sh
# Takes the place of sleep on a machine: the deliberate pauses between questions are short, those of a shutdown as they are.
if [ "$1" -ge 10 ]; then set -- 1; fi
exec /bin/sleep "$@"
