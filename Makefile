# Everything through .venv and node_modules in this folder; no root, no docker, no system package.
# What is installed is remembered by stamp files made from the lock files, so a second call costs nothing.

.DEFAULT_GOAL := help

PYTHON ?= python3
DEMO ?= 1

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install -qq --no-compile --require-hashes
NPM := npm ci --ignore-scripts --loglevel=error
FIRST := $(if $(filter 0,$(DEMO)),--first-admin,--demo)

# Bytecode is kept, whatever the surroundings say: a test run starts some hundred programs, and each would compile Django anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test test-postgres test-sqlite lint bench probes messages lock clean

help: ## show this list
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 18

# --- installing ---------------------------------------------------------------------------------------------------------

setup: ## install only: Python and npm packages as locked, translations compiled
	@$(MAKE) --silent -j2 .make/catalogues .make/node

setup-dev:
	@$(MAKE) --silent -j2 .make/catalogues .make/python-dev .make/node-dev

.make/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, $(PYTHON) is older. Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv
	@mkdir -p .make && touch $@

.make/python: requirements.lock .make/venv
	@echo "Installing the Python packages (some 20 seconds) …"
	@$(PIP) -r requirements.lock
	@touch $@

.make/python-dev: requirements-dev.lock .make/python
	@echo "Installing the Python packages for checks and tests …"
	@$(PIP) -r requirements-dev.lock
	@touch $@

.make/node: package-lock.json
	@echo "Installing the npm packages …"
	@$(NPM) --omit=dev >/dev/null
	@mkdir -p .make && touch $@

.make/node-dev: package-lock.json
	@echo "Installing the npm packages, with a browser for the tests …"
	@$(NPM) >/dev/null
	@mkdir -p .make && touch .make/node $@

.make/catalogues: $(wildcard innendienst/locale/*/LC_MESSAGES/django.po) .make/python
	@$(PY) manage.py compile_catalogues
	@touch $@

# --- using --------------------------------------------------------------------------------------------------------------

run: setup ## start Innendienst with demo data at http://127.0.0.1:8000 (DEMO=0 empty, PORT=8001 elsewhere)
	@echo "Preparing the database …"
	@$(PY) manage.py prepare $(FIRST)
	@exec $(PY) manage.py run_all

# --- checking -----------------------------------------------------------------------------------------------------------

test: setup-dev ## run all tests, on PostgreSQL and on SQLite
	@started=$$(date +%s); status=0; \
	$(MAKE) --no-print-directory test-postgres || status=1; \
	$(MAKE) --no-print-directory test-sqlite || status=1; \
	echo "make test: $$(($$(date +%s) - started)) seconds, $$([ $$status = 0 ] && echo all passed || echo FAILED)"; \
	exit $$status

test-postgres: setup-dev ## everything on PostgreSQL, with the browser, killed processes and what needs no database
	@TEST_DB=postgres $(PY) -m pytest -q -n 2 --dist worksteal

test-sqlite: setup-dev ## once more on SQLite what depends on the database
	@TEST_DB=sqlite $(PY) -m pytest -q -n 2 --dist worksteal -m "not rules and not browser and not processes and not one_database"

lint: setup-dev ## check style, imports, templates, types, migrations, translations and lock files
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports --no-logo
	$(PY) -m djlint templates --lint --quiet
	$(PY) -m mypy
	$(PY) manage.py makemigrations --check --dry-run
	TEST_DB=sqlite $(PY) -m pytest -q tests/test_catalogues.py tests/test_locks.py

bench: setup-dev ## measure the figures that the project promises
	@$(PY) -m bench

probes: setup-dev ## kill workers and brokers, post and edit in parallel, change bytes of files, undo thousands, storm the answer page, open every page, in full (the tests do it scaled down)
	PROBE_KILLS=50 PROBE_ROWS=20000 PROBE_UPLOADS=10 PROBE_MUTATIONS=150 PROBE_EXISTING=3000 PROBE_LISTED=5000 \
	PROBE_REPS=30 PROBE_CALLS=100 PROBE_EDITORS=30 PROBE_EDITS=200 PROBE_REMINDERS=2000 PROBE_WORKER_KILLS=30 PROBE_BROKER_KILLS=10 \
	PROBE_LINKS=200 PROBE_AT_ONCE=50 PROBE_OPENINGS=10000 PROBE_MACHINES=5000 PROBE_WAVES=10000 PROBE_PAGES=1 \
	TEST_DB=postgres $(PY) -m pytest -q tests/probes tests/nps/test_statistics.py

# --- maintaining --------------------------------------------------------------------------------------------------------

messages: setup-dev ## collect the texts to translate (needs gettext)
	@$(PY) manage.py makemessages -l de --no-location --no-wrap --no-obsolete $(foreach folder,.venv node_modules tests bench var,-i $(folder))

lock: ## renew the lock files (needs uv and npm)
	@for name in requirements requirements-dev; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links \
			--no-annotate --no-header $$name.in -o $$name.lock; \
	done
	@npm install --package-lock-only --ignore-scripts

clean: ## remove what was installed and built; var/ with the data stays
	rm -rf .venv node_modules .make .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis test-results
