# What a clone can do. It needs Python 3.11 or newer with venv, make, and nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test slow bench check lock migration wheel i18n clean

UV_VERSION := 0.13.9
BIN := .venv/bin
UV := $(BIN)/uv pip install -q --python $(BIN)/python
PYTEST := $(BIN)/python -m pytest
# pip trusts what the machine trusts (a ministry's proxy, for one); uv has to be told to.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS ?= 1
endif
# How many test workers: one for each core, and two where that cannot be found out.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
# REPORTS=folder keeps a machine-readable report of each test process there.
report = $(if $(REPORTS),--junitxml="$(REPORTS)/$(1).xml")
# pytest says 5 when a folder holds no test of the kind asked for; that is not a failure.
none_is_fine = || [ $$? -eq 5 ]

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$p; break; }; done)

help: ## This list
	@grep -hE '^[a-z0-9]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/.uv:
	@[ -n "$(PYTHON)" ] && "$(PYTHON)" -c '$(NEW_ENOUGH)' || { \
		echo "Đồng Hành needs Python 3.11 or newer. This machine has: $$(python3 --version 2>&1 || true)."; \
		echo "Install it (Debian, Ubuntu: apt install python3 python3-venv), or name one: make PYTHON=/path/to/python3.12 ..."; \
		exit 1; }
	@"$(PYTHON)" -m venv .venv || { \
		echo "Python could not make a virtual environment. Debian, Ubuntu: apt install python3-venv."; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.run: .venv/.uv requirements.lock pyproject.toml
	@echo "Installing Đồng Hành into .venv ..."
	@$(UV) --require-hashes -r requirements.lock
	@$(UV) --no-deps -e .
	@touch $@

.venv/.dev: .venv/.uv requirements-dev.lock pyproject.toml
	@echo "Installing Đồng Hành and its tests into .venv ..."
	@$(UV) --require-hashes -r requirements-dev.lock
	@$(UV) --no-deps -e .
	@touch .venv/.run $@

demo: .venv/.run ## Try it: sample congress, a page on this machine, no account needed
	@$(BIN)/donghanh demo || [ $$? -eq 130 ] # Ctrl+C is how one leaves

test: .venv/.dev ## The quick suite, then the browser suite in a process of its own
	$(PYTEST) -n $(WORKERS) --maxprocesses=8 --ignore=tests/e2e -m "not slow" $(call report,quick)
	@[ ! -d tests/e2e ] || { set -x; $(PYTEST) tests/e2e -m "not slow" $(call report,browser); } $(none_is_fine)

slow: .venv/.dev ## Experiments that kill or load, one at a time; then the storms, both at once
	$(PYTEST) --ignore=tests/e2e --ignore=tests/storm -m slow --timeout=900 $(call report,slow) $(none_is_fine)
	$(PYTEST) tests/storm -n 2 -m slow $(call report,storm) $(none_is_fine)
	@[ ! -d tests/e2e ] || { set -x; $(PYTEST) tests/e2e -m slow --timeout=900 $(call report,slow-browser); } $(none_is_fine)

bench: .venv/.dev ## The delivery engine in numbers, each beside its goal; PARTS="broadcast rows fast kills beside"
	$(BIN)/python -m bench.delivery $(PARTS)

check: .venv/.dev ## Format, lint, types, floors, dependencies, texts, sample content
	@.ci/check

lock: .venv/.uv ## Resolve the dependencies again; UPGRADE=--upgrade takes newer versions
	$(BIN)/uv pip compile -q --universal --generate-hashes $(UPGRADE) pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes $(UPGRADE) pyproject.toml --all-extras --group dev -c requirements.lock -o requirements-dev.lock

migration: .venv/.dev ## m="what changes": write the next migration from the tables in bot/store
	@[ -n "$(m)" ] || { echo 'Say what changes: make migration m="add room floor"'; exit 1; }
	@$(BIN)/python tools/new_migration.py "$(m)"

wheel: .venv/.uv ## Build dist/donghanh-...whl
	$(BIN)/uv build -q --wheel -o dist

i18n: .venv/.dev ## Bring the texts up to date with the code, and check them
	$(BIN)/donghanh i18n update
	$(BIN)/donghanh i18n check

clean: ## Throw the environment away
	rm -rf .venv dist
