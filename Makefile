# Short commands for every chore.  `make` alone lists them.
# What they do beyond one line is in scripts/, so that systems without make have it too.

PYTHON ?= python3
BIN = .venv/bin
PY = $(BIN)/python
# pytest-xdist gives whole files of tests to as many workers as there are cores; more than four
# would wait for each other's renders.  One after the other, to look closely: make test TOGETHER=
TOGETHER ?= -n auto --maxprocesses 4 --dist loadfile

.PHONY: help run sandbox dev test test-fast demo check bench bench-ui bench-quality bench-youtube bench-publish bench-metadata soak images lock clean install install-dev

help:
	@echo 'make run        install what is missing, start the dashboard, print its address'
	@echo 'make dev        the same, and every page is drawn again when its code changes'
	@echo 'make demo       make reels of sample/gravix-sample.mp4, without a browser'
	@echo 'make test       install what the tests need, then run every test'
	@echo 'make test-fast  the same without the slow ones'
	@echo 'make check      style, types, layers, locks and licences'
	@echo 'make bench      measure rendering'
	@echo 'make bench-ui   measure the dashboard in Chromium'
	@echo 'make bench-quality  measure how good the reels are; needs espeak-ng'
	@echo 'make bench-youtube  measure what an import from YouTube costs'
	@echo 'make soak       kill the engine again and again, by SEEDS=10 plans or SEED=4711; publish RUNS=1000 times'
	@echo 'make bench-jobs  measure the queue'
	@echo 'make bench-publish  measure how often the outcome of a post is unclear'
	@echo 'make bench-metadata  measure what texts cost, and how good they are without Gemini'
	@echo 'make sandbox    run it before a stand-in of Meta: connect and publish without an account'
	@echo 'make images     take pictures of every page for the docs'
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

# Only pages/ and gravix_ui/ are watched: a change of gravix_core needs a new start.
dev: install
	@STREAMLIT_SERVER_FILE_WATCHER_TYPE=auto STREAMLIT_SERVER_RUN_ON_SAVE=true \
	    STREAMLIT_CLIENT_SHOW_ERROR_DETAILS=full $(PY) scripts/serve.py

sandbox: install
	@$(PY) scripts/sandbox.py

demo: install
	@$(PY) -m gravix_core process sample/gravix-sample.mp4

test: install-dev
	@$(PY) scripts/install.py --tools
	@$(PY) -m pytest $(TOGETHER)

test-fast: install-dev
	@$(PY) -m pytest $(TOGETHER) -m 'not slow'

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

bench-ui: install-dev
	@$(PY) -m benchmarks.ui

bench-quality: install-dev
	@$(PY) -m benchmarks.quality

bench-youtube: install-dev
	@$(PY) -m benchmarks.youtube

SEEDS ?= 10
RUNS ?= 1000

soak: install-dev
	@GRAVIX_SOAK_RUNS=$(RUNS) $(PY) -m pytest -q tests/publish/test_exactly_once.py -k nothing_ever
	@$(PY) -m tests.crash.soak $(if $(SEED),--seed $(SEED),--seeds $(SEEDS))

bench-publish: install-dev
	@$(PY) -m benchmarks.publish

bench-metadata: install-dev
	@$(PY) -m benchmarks.metadata

bench-jobs: install-dev
	@$(PY) -m benchmarks.jobs

images: install-dev
	@$(PY) -m scripts.make_images

lock: install-dev
	$(PY) scripts/check_lock.py --write
	$(PY) scripts/check_licences.py --write

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'Removed .venv, build and the caches. data/ is as it was.'
