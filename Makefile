# Everything a person or CI runs. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help test test-change test-programs lint sandbox

CACHE := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/forge
LINT_PINS := scripts/lint/requirements.txt scripts/lint/go.sum
LINT_TOOLS := $(CACHE)/lint/$(shell cat $(LINT_PINS) | sha256sum | cut -c1-16)
SHELL_SCRIPTS := $(shell git ls-files '*.sh' .ci/run sandbox/cluster/droplet/commands)

help:
	@echo 'make test         install, then run all tests'
	@echo 'make test-change  those that the change since origin/main can break'
	@echo 'make lint         types, ESLint, Prettier, shellcheck, actionlint, zizmor'
	@echo 'make sandbox      bring up the whole platform on this machine'

# One of several parts, equally long: SHARD=1/4.
test: test-programs
	npx jest $(JEST_FLAGS) $(if $(SHARD),--shard=$(SHARD)) $(TESTS)

test-programs: node_modules
	scripts/install-test-programs.sh $(CACHE)/nginx $(CACHE)/restic
	npm run --silent tools

# An owner's change in k8s/, forge.yaml or docs/ runs what reads it, and no more.
test-change: TESTS = $(shell node scripts/tests-of-change.cjs origin/main)
test-change: test

lint: node_modules $(LINT_TOOLS)
	npm run --silent typecheck
	npx eslint .
	npx prettier --check --log-level warn .
	$(LINT_TOOLS)/bin/shellcheck $(SHELL_SCRIPTS)
	$(LINT_TOOLS)/bin/actionlint -shellcheck $(LINT_TOOLS)/bin/shellcheck
	$(LINT_TOOLS)/bin/zizmor --offline --quiet --persona pedantic .github

sandbox: node_modules
	@node cli/forge.cjs sandbox up

node_modules: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch node_modules

$(LINT_TOOLS):
	scripts/lint/install.sh $@
