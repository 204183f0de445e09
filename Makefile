# `make` lists what it can do. Needs Python 3.11 or newer; everything else is set up when it is first needed.
.DEFAULT_GOAL := help
.PHONY: help run test proof bench e2e check format shots lock clean
PYTHON ?=
BIN = .venv/bin

help:
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## open the demo office on http://127.0.0.1:8000 (PORT changes it)
	@PYTHON=$(PYTHON) scripts/venv run
	@exec env PYTHONDONTWRITEBYTECODE= KINERJA_DEMO=1 $(BIN)/kinerja serve

test: dev ## everything: lint, types, unit, house, PostgreSQL and browser tests; fails when one cannot run
	@$(BIN)/python scripts/suite.py test

proof: dev ## the same at full size, with a dated report in docs/bukti/; takes hours
	@$(BIN)/python scripts/suite.py proof

bench: dev ## speed and memory as ratios to a bare page (BIG=1 adds 80,000 people)
	@scripts/ensure-tools
	@$(BIN)/python -m benchmarks

e2e: dev ## only the browser stories
	@$(BIN)/python scripts/suite.py e2e

check: dev ## only ruff and mypy
	@$(BIN)/python scripts/suite.py check

format: dev ## lay out the Python files the one way
	@$(BIN)/python -m ruff format --quiet && $(BIN)/python -m ruff check --quiet --fix

shots: dev ## a picture of every page, 1280 and 390 wide, light and dark, into shots/
	@scripts/ensure-tools
	@$(BIN)/python scripts/shots.py

lock: ## write the requirement locks anew (UPGRADE=1 takes newer releases)
	@PYTHON=$(PYTHON) scripts/lock $(if $(UPGRADE),--upgrade)
	@PYTHON=$(PYTHON) scripts/venv dev

clean: ## remove what the other targets made; instance/ with its database stays
	@rm -rf .venv .venv.lock .venv-proof .venv-proof.lock .cache shots .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: dev
dev:
	@PYTHON=$(PYTHON) scripts/venv dev
