# The two commands a newcomer needs are `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export SILIAN_PORT ?= $(PORT)

.DEFAULT_GOAL := help
.PHONY: help run test verifier lint bench demo shell install install-dev messages docs lock screenshots

help:            ## This list
	@grep -E '^[a-z-]+: .*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

install:
	@$(PYTHON) bootstrap.py

install-dev:
	@$(PYTHON) bootstrap.py --dev

run: install     ## Start everything with the demo (PORT=8000, CLOCK=2026-09-01T09:00 to set its clock)
	@SILIAN_DEMO=1 SILIAN_CLOCK=$(CLOCK) $(BIN)/silian run

test: install-dev verifier ## The whole suite; browser journeys where Chromium is installed
	@$(BIN)/python -m pytest -n 2 --dist worksteal -ra --durations=15

verifier: ## What verifies our credentials beside us, where node is installed
	@if command -v npm >/dev/null && ! cmp -s tests/verifier/package-lock.json tests/verifier/node_modules/installed; then \
	  cd tests/verifier && npm ci --no-audit --no-fund --ignore-scripts --silent && cp package-lock.json node_modules/installed; fi

lint: install-dev ## Every check that is not a test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy silian
	@$(BIN)/lint-imports
	@$(BIN)/djlint silian --lint --quiet
	@$(BIN)/silian makemigrations --check --dry-run
	@$(BIN)/python -m tests.translations

bench: install-dev var/bench/ready ## Measure what the documents claim, beside peers where there are any
	@for name in matching round search register sheets items sign_in extraction certificates marking exam_day; do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

var/bench/ready: benchmarks/requirements.txt
	@$(PYTHON) -m venv var/bench
	@var/bench/bin/pip install --quiet --require-hashes -r $<
	@touch $@

demo: install    ## Throw the demo's data away and load it anew (SCALE=region for the large one)
	@SILIAN_DEMO=1 $(BIN)/silian load_demo --reset $(if $(SCALE),--scale $(SCALE))

shell: install   ## A Python shell with the models loaded
	@SILIAN_DEMO=1 $(BIN)/silian shell

messages: install-dev ## Collect the texts of every app into its catalogue
	@$(BIN)/python -m tests.translations --collect

docs: install-dev ## Redraw the generated documents
	@$(BIN)/silian draw_states > docs/states.md

lock:            ## Compile the requirements anew
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" -q requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" -q requirements-dev.in -o requirements-dev.txt
