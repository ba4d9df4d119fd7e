# Everything sets itself up: each target makes the virtual environment it needs in .venv.
BIN := .venv/bin
DEMO_ARGS ?=
TEST_ARGS ?=
WORKERS ?= auto
COVERAGE ?= --cov --cov-report=term --cov-fail-under=90
ELASTICSEARCH_ARGS ?=

.PHONY: help demo test elasticsearch check bench format clean
.DEFAULT_GOAL := help

help:  ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 21

demo: .venv/.runtime  ## Crawl the bundled sample portal, index it and open the dashboard (DEMO_ARGS='--json' passes flags on)
	@$(BIN)/aggregator demo $(DEMO_ARGS)

test: .venv/.dev  ## Run all tests (TEST_ARGS='-k dates' passes flags on)
	@$(BIN)/python -m tools.prepare
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(COVERAGE) $(TEST_ARGS)

elasticsearch: .venv/.dev  ## Run Elasticsearch on loopback until Ctrl-C (ELASTICSEARCH_ARGS='--nodes 3 --secure')
	@$(BIN)/python -m tools.elasticsearch $(ELASTICSEARCH_ARGS)

check: .venv/.dev  ## Lint and check the types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.dev  ## Run the benchmarks: each prints ratios against a peer measured in the same run
	$(BIN)/python -m benchmarks

format: .venv/.dev  ## Put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## Remove the environment and all caches
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* build *.egg-info

.venv/bin/python:
	@python=$$(tools/find-python) && echo "Making .venv with $$python" && "$$python" -m venv --clear .venv

.venv/.runtime: pyproject.toml | .venv/bin/python
	@echo "Installing the aggregator and its libraries into .venv (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/.dev: pyproject.toml | .venv/bin/python
	@echo "Installing the aggregator, its libraries and the development tools into .venv (once, about two minutes)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/.runtime
