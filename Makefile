# Every command of the project. requirements/install.sh makes the environment; export TORCH_INDEX to take
# the CPU build of torch from a copy of PyTorch's index.
.DEFAULT_GOAL := help
.PHONY: help run test check format coverage bench lock audit sbom image

PACKAGES := $(wildcard models analysis app experiments benchmarks)
BROWSER := /usr/bin/chromium
# A process a core, each with one thread. A file's tests share its servers and stay in one process;
# tests/conftest.py says which files come first.
PYTEST := OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --durations 12

help:  ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 16

run:  ## set up what is missing and serve http://127.0.0.1:8000
	@requirements/install.sh serve
	@exec .venv/bin/python -m app

test:  ## set up what is missing and run every test this machine can run
	@requirements/install.sh dev
	@if command -v node >/dev/null; then node --test $$(find tests/js -name "*.test.js"); \
	  else echo "no node: the tests of the page's modules are left out"; fi
	@if [ -x $(BROWSER) ]; then $(PYTEST); \
	  else echo "no $(BROWSER): the tests in the browser are left out"; $(PYTEST) -m "not browser"; fi

check: node_modules  ## lint, formatting and types, of Python and of the page
	@requirements/install.sh dev
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy $(PACKAGES)
	node_modules/.bin/tsc
	node_modules/.bin/biome ci

format: node_modules  ## format the code as `check` expects it
	@requirements/install.sh dev
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
	node_modules/.bin/biome check --write

coverage:  ## measure branch coverage; fail below the floor in pyproject.toml
	@requirements/install.sh dev
	.venv/bin/coverage run -m pytest -m "not browser"
	.venv/bin/coverage report

bench:  ## benchmark against eager PyTorch and torch.nn.LSTM
	@requirements/install.sh serve
	@for file in $$(grep -l __main__ benchmarks/*.py | grep -v soak); do \
	  .venv/bin/python -m benchmarks.$$(basename $$file .py) || exit 1; done

lock:  ## make requirements/*.txt, with hashes, from pyproject.toml
	@requirements/install.sh dev
	@requirements/lock.sh

audit:  ## check the packages that serve for known vulnerabilities
	@requirements/install.sh dev
	@requirements/audit.sh

sbom:  ## write sbom.json, the packages that serve, as CycloneDX
	@requirements/install.sh dev
	@{ cat requirements/serve.txt; sed -n 's/^ *"\(torch==[0-9.]*\)".*/\1/p' pyproject.toml; } | \
	  .venv/bin/uv tool run --from cyclonedx-bom cyclonedx-py requirements - --output-file sbom.json

image:  ## build the container image
	docker build -t nestscope .

node_modules: package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing. Type: sudo apt-get install -y npm"; exit 1; }
	npm ci --no-audit --no-fund
	@touch node_modules
