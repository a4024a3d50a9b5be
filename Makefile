# The door to everything a person does here: `make help` lists it. Paths are relative, so that a checkout below a
# directory with spaces works.
PYTHON ?= python3
PY = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-quick test-long conformance operations faults mutations takeover check structure format benchmark clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup:
	@$(PYTHON) scripts/setup.py
setup-dev:
	@$(PYTHON) scripts/setup.py --dev

run: setup  ## set everything up and serve the site at http://127.0.0.1:8000 (PORT=8010 for another port)
	@$(PY) -m config.environment.dotenv
	@trap : INT; $(PY) manage.py quickstart || test $$? -eq 130

test: setup-dev  ## the whole suite, on both dialects and every Python that is found
	@$(PY) scripts/test.py

test-quick: setup-dev  ## some minutes of it: PostgreSQL, this Python, no browser, no server of a test's own
	@$(PY) scripts/test.py --quick

test-long: setup-dev  ## what make test leaves out for its length: whole projects that come to the engine (some ten minutes)
	@$(PY) scripts/test.py --long

conformance: setup-dev  ## Django's own test suite against the backends, on both dialects (about an hour; docs/conformance.md)
	@$(PY) -m conformance $(CONFORMANCE)

operations: setup-dev  ## every operation of Django's on a table in a schema, beside the quoting trick (docs/django-operations.md)
	@$(PY) scripts/operations.py

faults: setup-dev  ## end client, sessions, network and server before every message of a run (two hours; make test takes a sample)
	@FAULTS=1 $(PY) -m pytest -q tests/freehold/migrator/test_faults.py tests/freehold/migrator/on_15/test_faults.py tests/freehold/migrator/test_interruptions.py tests/freehold/migrator/test_server_faults.py
	@FAULTS=1 TEST_DIALECT=sqlite $(PY) -m pytest -q tests/freehold/migrator/test_interruptions_sqlite.py

mutations: setup-dev  ## disable each override of the backends in turn: a test must go red (some ten minutes)
	@$(PY) scripts/mutations.py

takeover: setup-dev  ## dump what a release leaves behind, for the test that takes it over: REVISION=<its commit>
	@$(PY) scripts/takeover.py $(REVISION)

check: setup-dev  ## linters, types, layers, templates, system checks, missing migrations
	@$(PY) scripts/check.py

structure: setup-dev  ## how large the engine is, how its parts hang together, which names stand twice
	@$(PY) scripts/structure.py

format: setup-dev  ## let ruff and djade rewrite the files
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix . && git ls-files -z '*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2

benchmark: setup-dev  ## print every figure that the documentation quotes
	@$(PY) -m benchmarks

clean:  ## stop the embedded server and remove everything that was made here; .env stays
	@if [ -d var/postgres ] && [ -x $(PY) ]; then DATABASE_URL=embedded:./var/postgres $(PY) manage.py embedded stop; fi
	@if [ -f var/postgres/place ]; then rm -rf -- "$$(cat var/postgres/place)"; fi
	rm -rf .venv .venv-* .venv*.lock var local.db local.db-*
