# `make` alone lists what can be asked. Everything lives in .venv; each step leaves a stamp there, so a second run is instant.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# What the build hook reads: when one changes, the package is installed anew, which builds it anew.
SOURCES := pyproject.toml constraints.txt build_hook.py package-lock.json \
	$(shell find assets translations -type f ! -name '*.mo' 2>/dev/null)

.DEFAULT_GOAL := help
.NOTPARALLEL:

.PHONY: help
help: ## List what can be asked
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ── Set-up ────────────────────────────────────────────────────────────────────────────────────────────────────────

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "cardqueue needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: $(BIN)/python $(SOURCES)
	$(INSTALL) --editable .
	@touch $@

.venv/.dev: .venv/.runtime
	$(INSTALL) --editable '.[dev]'
	@touch $@

.PHONY: setup
setup: .venv/.dev ## Make .venv with everything to run, test and change the project

# ── Running ───────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: run
run: .venv/.runtime ## Serve a demonstration commune on http://127.0.0.1:8000
	@$(BIN)/cardqueue demo

.PHONY: migrate
migrate: .venv/.runtime ## Bring the database named by DATABASE_URL up to date
	$(BIN)/cardqueue migrate

.PHONY: demo-data
demo-data: .venv/.runtime ## Write the files of a fictitious office into instance/demo-data
	$(BIN)/cardqueue demo-data --out instance/demo-data --replace

# ── Checking ──────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: test
test: setup lint types ## Run every check: lint, types, and all tests with the browser journeys
	@sh scripts/system-packages
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup --ignore tests/e2e
	$(BIN)/python -m pytest --numprocesses 2 tests/e2e

.PHONY: lint
lint: setup ## Check style, imports and templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

.PHONY: types
types: setup ## Check types
	$(BIN)/mypy

.PHONY: bench
bench: setup ## Measure how fast the heavy steps are
	$(BIN)/python -m benchmarks

.venv-splink/.installed: benchmarks/matching/requirements-splink.txt
	$(PYTHON) -m venv .venv-splink
	.venv-splink/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

.PHONY: bench-splink
bench-splink: setup .venv-splink/.installed ## Measure matching beside Splink, which gets an environment of its own
	$(BIN)/python -m benchmarks.matching.splinked .venv-splink/bin/python

.PHONY: screenshots
screenshots: setup ## Take the pictures of the README anew, from the demo commune
	@sh scripts/system-packages
	SCREENSHOTS_DIR=docs/pictures $(BIN)/python -m pytest tests/e2e/test_pictures.py

# ── Changing ──────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: format
format: setup ## Lay out the Python code and repair what can be repaired
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: assets
assets: setup ## Build the front end after a change in assets/, without installing anew
	$(BIN)/python build_hook.py

.PHONY: translations
translations: setup ## Take the Vietnamese texts out of the code into the English catalogue
	$(BIN)/pybabel extract --mapping pyproject.toml --keywords _l --sort-output --no-location --no-wrap \
		--project cardqueue --output-file .venv/messages.pot .
	$(BIN)/pybabel update --input-file .venv/messages.pot --output-dir translations --locale en \
		--no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date

.PHONY: constraints
constraints: ## Write constraints.txt anew with the newest versions that fit pyproject.toml
	sh scripts/constraints

.PHONY: wheel
wheel: setup ## Build the wheel into dist/
	$(BIN)/python -m build --wheel

.PHONY: clean
clean: ## Remove everything that was built or installed
	rm -rf .venv node_modules cardqueue/static dist test-results
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find translations -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
