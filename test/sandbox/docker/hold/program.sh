#!/bin/bash
# Takes the place of a program of /usr/bin: it asks the lab, and then calls it.
curl --silent https://github.com/steps/command
exec "/usr/bin/${0##*/}" "$@"
