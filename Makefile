# Needs Python 3.11 or newer and its venv module, nothing else.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
WORKERS ?= 5
TESTS ?=
IN_PROCESSES = --dist loadfile --no-loadscope-reorder
TOGETHER = $(BIN)/python -m pytest -m "not alone and not waiting" -n $(WORKERS) $(IN_PROCESSES)
ALONE    = $(BIN)/python -m pytest -m alone
WAITING  = $(BIN)/python -m pytest -m waiting -n 2 $(IN_PROCESSES)
# What mostly waits runs beside what is measured: its output comes when both have ended, and so does the result of both.
BESIDE   = said=$$(mktemp); $(WAITING) >"$$said" 2>&1 & waiting=$$!; $(ALONE); alone=$$?; \
    wait $$waiting; waited=$$?; cat "$$said"; rm "$$said"; exit $$((alone + waited))

# Compiled modules are kept, whatever the environment says: a run of all tests starts hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-python soak durations lint format clean lock pictures papers

demo: $(VENV)/.run
	$(BIN)/baton demo

test: $(VENV)/.dev
ifeq ($(strip $(TESTS)),)
	$(TOGETHER)
	@$(BESIDE)
else
	$(BIN)/python -m pytest $(TESTS)
endif

# The quick layers on another Python: make test-python PYTHON=python3.13 VENV=.venv-3.13
test-python: $(VENV)/.dev
	$(BIN)/python --version
	$(BIN)/python -m pytest -n $(WORKERS) $(IN_PROCESSES) --quick

# Everything, slow tests in their long form: every kill, outage and race on each database, every combination of values.
soak: $(VENV)/.dev
	$(TOGETHER) --long
	$(WAITING) --long
	$(ALONE) --long

# Measures what each test file takes; every run begins with the longest. For whenever the end of a run is one process's.
durations: $(VENV)/.dev
	$(TOGETHER) --measure

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Baton needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/.run

# For maintainers, with uv at hand: pins every dependency with its hashes.
lock:
	uv pip compile --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-annotate --no-header --python-version 3.11 \
	    --extra build -o requirements.lock pyproject.toml
	uv pip compile --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-annotate --no-header --python-version 3.11 \
	    --extra dev --extra build -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Photographs the demo for the README and docs (needs Chromium).
pictures: $(VENV)/.dev
	$(BIN)/python -m tests.pictures

# Writes docs/templates from the templates.
papers: $(VENV)/.dev
	$(BIN)/python -m tests.papers
