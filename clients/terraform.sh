#!/bin/sh
# CDKTF runs it in the place of terraform: see terraform-runs.ts.
trap '' HUP
echo $$ >"$FORGE_TERRAFORM_RUNS/$$"
exec terraform "$@"
