# Two commands do everything:  make chat   and   make test.
# Both set up .venv from the locked, hashed requirements first; the second time takes seconds.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
JOBS ?= 2
BIN := $(VENV)/bin
READY := $(VENV)/.ready

POSTGRES_15 := /usr/lib/postgresql/15/bin

.PHONY: chat test test-15 setup lint types contracts tests lock clean help

help:
	@echo "make chat    talk to Evenkeel in this terminal"
	@echo "make test    run every check"
	@echo "make test-15 run the tests of the storage on PostgreSQL 15"
	@echo "make lock    resolve the dependencies again"

chat: $(READY)
	@$(BIN)/evenkeel chat

test: $(READY) lint types contracts tests

setup: $(READY)

$(READY): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Evenkeel needs Python 3.11 or newer; install it or set PYTHON=/path/to/python." >&2; exit 2; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version); the first time takes a few minutes."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

lint: $(READY)
	@echo "Checking style ..."
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)
	@echo "Checking types ..."
	@$(BIN)/mypy

contracts: $(READY)
	@echo "Checking who imports whom ..."
	@$(BIN)/lint-imports --no-logo

tests: $(READY)
	@echo "Running the tests ..."
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

test-15: $(READY)
	@test -x $(POSTGRES_15)/postgres || { echo "Install PostgreSQL 15 (Debian: postgresql-15), or set POSTGRES_15=/path/to/its/bin." >&2; exit 2; }
	@EVENKEEL_TEST_POSTGRES=$(POSTGRES_15) $(BIN)/python -m pytest tests/integration

lock: $(READY)
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet -o requirements-dev.lock

clean:
	rm -rf $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
