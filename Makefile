# Two commands do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := run

VENV ?= .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes
DEMO ?= build/demo
ARGS ?=
export PYTHONUTF8 := 1

.PHONY: run test lint bench soak screenshots lock clean

run: $(VENV)/.for-running ## the demonstration day, then the window
	.ci/system window
	$(PYTHON) main.py demo --out $(DEMO)

test: $(VENV)/.for-testing ## the whole suite, on both databases
	.ci/system test
	export QT_QPA_PLATFORM=offscreen
	$(PYTHON) -m pytest -n 2 -m "not soak" --ignore=tests/ui $(ARGS)
	# Window tests in workers of their own: each file stays in one process, and no window outlives its test.
	$(PYTHON) -m pytest -n 2 --dist loadfile -q -m "not soak" $(ARGS) tests/ui

lint: $(VENV)/.for-testing ## style, types, layers
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --cache-dir build/import-linter

bench: $(VENV)/.for-testing ## speed against a floor measured in the same run
	.ci/system window
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.bench $(ARGS)

soak: $(VENV)/.for-testing ## the long races and kill loops
	.ci/system test
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -m soak -o faulthandler_timeout=1200 $(ARGS)

screenshots: $(VENV)/.for-testing ## every page, dialog and report as PNG under build/screenshots
	.ci/system test
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.screenshots $(ARGS)

lock: $(VENV)/.for-testing ## pin the newest fitting versions, without any address (needs uv)
	compile="uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes"
	compile="$$compile --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --upgrade"
	$$compile --output-file requirements.txt
	$$compile --extra dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## everything that can be made again
	rm -rf build

$(VENV)/bin/python:
	.ci/system python
	"$$(.ci/system which-python)" -m venv $(VENV)

$(VENV)/.for-running: requirements.txt | $(VENV)/bin/python
	$(PIP) -r requirements.txt
	touch $@

$(VENV)/.for-testing: requirements-dev.txt | $(VENV)/bin/python
	$(PIP) -r requirements-dev.txt
	touch $@ $(VENV)/.for-running
