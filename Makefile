# Every target sets up what it needs; a second call finds it done. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test test-wordpress sure setup lint format types contracts snippet clean
MAKEFLAGS += --no-print-directory

# Node lives in the virtual environment where the machine has none that is new enough.
VENV := .venv
BIN := $(VENV)/bin
PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PATH

# Where it is set (images for containers like it), each of the many programs that the tests start
# would compile the whole service anew, and each test process all tests.
unexport PYTHONDONTWRITEBYTECODE

# One test process more than cores, for they wait a lot; no more than four, for each has its own
# servers and browser.
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PYTEST_ARGS ?= --numprocesses $(shell echo $$(($(CORES) + 1))) --maxprocesses 4 --dist loadgroup

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## the whole service on this machine, with example pages; Ctrl+C ends it
	@scripts/setup runtime
	@$(BIN)/python -m service.demo

test: ## every test: Python on both databases, browser, snippet
	@scripts/setup dev servers browser node
	@outcome=0; (cd snippet && npm test) || outcome=1; \
	TUZET_TEST_REQUIRE=all $(BIN)/python -m pytest -m "not wordpress" $(PYTEST_ARGS) || outcome=1; \
	exit $$outcome

test-wordpress: ## the walk through a real WordPress (installs Debian's packages of it)
	@scripts/setup dev browser wordpress
	@TUZET_TEST_REQUIRE=all $(BIN)/python -m pytest tests/wordpress

sure: ## exactly what CI runs: make test, lint, types, contracts, snippet
	@.ci/run

setup: ## .venv with the service and the tools to build and test it
	@scripts/setup dev

lint: ## ruff: the rules and the format
	@scripts/setup dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: ## ruff: put the format right, and what it can of the rules
	@scripts/setup dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: ## mypy, strict
	@scripts/setup dev
	@$(BIN)/mypy

contracts: ## who may import whom (pyproject.toml, importlinter)
	@scripts/setup dev
	@$(BIN)/lint-imports

snippet: ## build the snippet from snippet/src into service/static/snippet
	@scripts/setup dev node
	@cd snippet && npm run build && npm run budget

clean: ## remove what the targets made (not var/, where your data is)
	@rm -rf $(VENV) build dist *.egg-info snippet/node_modules
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
