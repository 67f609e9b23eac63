# On a fresh machine `make demo` or `make test` alone does it all; both are quick the second time.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install demo snapshot test check lint types schema torture docs clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@echo "installing into .venv: a minute or more, in silence"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: install
	$(BIN)/scrapy demo

snapshot: install
	$(BIN)/scrapy snapshot "$(URL)"

test: install
	$(BIN)/python -m pytest

check: lint types schema test

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

schema: install
	$(BIN)/python -m newscrawler.schema --check

torture: install
	$(BIN)/python -m pytest -m torture

docs: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf .venv build dist site *.egg-info
