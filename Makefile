# Two commands for a newcomer: `make run` and `make test`. Everything else is for who works on the code.
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
ENV := .venv/bin/python
OUT ?= demo
export OUT

.PHONY: help run test check quick format lint types contracts translations permissions bench screenshots lock setup clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

run: ## install what is needed, then open the window on a demo province in ./demo (with no display: the demo alone)
	@$(SETUP) runtime
	@$(ENV) -m app window --demo "$$OUT"

test: ## install what is needed, then run every test
	@$(SETUP) test
	@$(ENV) -m pytest -n auto $(ARGS)

check: quick types contracts ## all that CI runs, and the style of the code
	@$(ENV) -m pytest -n auto $(ARGS)

quick: setup ## format and lint, in a second or two
	@$(ENV) -m ruff format --check .
	@$(ENV) -m ruff check .

format: setup ## put the code into the one format
	@$(ENV) -m ruff format .
	@$(ENV) -m ruff check --fix .

types: setup
	@$(ENV) -m mypy

contracts: setup ## who may import whom
	@$(ENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo

translations: setup ## collect the texts of the source into the English catalogue, and say what is missing
	@$(ENV) scripts/translations.py

permissions: setup ## print docs/permissions.md from the policy
	@$(ENV) -c 'from pathlib import Path; from app.policy import permissions_markdown as page; \
		Path("docs/permissions.md").write_text(page(), "utf-8")'

bench: setup ## the benchmarks: ratios against other ways, measured side by side
	@for file in tests/bench/*.py; do case $$file in */__init__.py|*/compare.py|*/timed.py) ;; *) \
		$(ENV) -m $$(echo $${file%.py} | tr / .) || exit 1 ;; esac; done

screenshots: setup ## the pictures of README and guide, made anew from the real window
	@QT_QPA_PLATFORM=offscreen $(ENV) -m scripts.screenshots

lock: ## pin every package anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --no-emit-index-url --extra setup pyproject.toml -o requirements/runtime.txt
	uv pip compile --quiet --universal --no-emit-index-url --extra setup --extra test -c requirements/runtime.txt \
		pyproject.toml -o requirements/test.txt

setup:
	@$(SETUP) test

clean: ## remove what was made here, the demo's office included
	rm -rf .venv demo build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find app tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

SETUP = $(if $(PYTHON),$(PYTHON) scripts/setup.py,echo '需要 Python 3.11 或更新版本 / Shiming needs Python 3.11 or newer: apt-get install python3' >&2; exit 1;)
