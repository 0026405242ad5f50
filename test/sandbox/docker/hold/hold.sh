# shellcheck shell=bash
# Every script of the unit reads this first. Before one command, the one that starts like HOLD_BEFORE, it asks the lab.
set -o functrace
trap 'if [[ $BASH_COMMAND == "$HOLD_BEFORE"* ]]; then curl --silent https://github.com/steps/command; fi' DEBUG
