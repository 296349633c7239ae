# Short commands for every chore.  `make` alone lists them.
# What they do beyond one line is in scripts/, so that systems without make have it too.

PYTHON ?= python3
BIN = .venv/bin
PY = $(BIN)/python

.PHONY: help run test test-fast demo check bench lock clean install install-dev

help:
	@echo 'make run        install what is missing, start the dashboard, print its address'
	@echo 'make demo       make reels of sample/gravix-sample.mp4, without a browser'
	@echo 'make test       install what the tests need, then run every test'
	@echo 'make test-fast  the same without the slow ones'
	@echo 'make check      style, types, layers, locks and licences'
	@echo 'make bench      measure rendering'
	@echo 'make lock       write the locks again after a change of pyproject.toml'
	@echo 'make clean      remove .venv and caches; data/ stays'
	@echo
	@echo 'Another Python than python3: make run PYTHON=python3.12'

install:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	    echo '$(PYTHON) is not installed. Gravix needs Python 3.11 or later.' >&2; exit 1; }
	@$(PYTHON) scripts/install.py

install-dev:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	    echo '$(PYTHON) is not installed. Gravix needs Python 3.11 or later.' >&2; exit 1; }
	@$(PYTHON) scripts/install.py --dev

run: install
	@$(PY) scripts/serve.py

demo: install
	@$(PY) -m gravix_core process sample/gravix-sample.mp4

test: install-dev
	@$(PY) scripts/install.py --tools
	@$(PY) -m pytest

test-fast: install-dev
	@$(PY) -m pytest -m 'not slow'

check: install-dev
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(BIN)/lint-imports
	$(PY) scripts/check_lock.py
	$(PY) scripts/check_licences.py
	$(PY) -m pip check

bench: install-dev
	@$(PY) -m benchmarks.render

lock: install-dev
	$(PY) scripts/check_lock.py --write
	$(PY) scripts/check_licences.py --write

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'Removed .venv, build and the caches. data/ is as it was.'
