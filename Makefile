# Every command of the project. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
LOAD := .venv-load
BIN := $(VENV)/bin
PO := $(wildcard locale/*/LC_MESSAGES/django.po locale/libraries/*/LC_MESSAGES/*.po)

.PHONY: help run test lint fix types messages lock check shots bench burst faults backup restore clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: $(VENV)/.run $(VENV)/.messages  ## the site with its demonstration, on http://localhost:8000
	@DEMO=$${DEMO:-1} exec $(BIN)/python manage.py start

test: $(VENV)/.dev $(VENV)/.messages  ## the whole suite on SQLite; more when PostgreSQL, Redis and Chromium are there
	@$(BIN)/python -m tests.run

lint: $(VENV)/.dev  ## what the linters say
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $$(git ls-files -co --exclude-standard 'templates/*.html')
	$(BIN)/lint-imports

fix: $(VENV)/.dev  ## let the linters mend what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $$(git ls-files -co --exclude-standard 'templates/*.html')

types: $(VENV)/.dev  ## mypy --strict
	$(BIN)/mypy

messages: $(VENV)/.dev  ## gather texts to translate into locale/ (needs GNU gettext)
	$(BIN)/python -m tests.project.catalogues

lock: $(VENV)/.dev  ## exact, hashed requirements from the pins of pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --allow-unsafe \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --output-file deploy/requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --allow-unsafe \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --extra dev --output-file deploy/requirements-dev.txt pyproject.toml
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["load"], sep="\n")' | \
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --allow-unsafe \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --output-file deploy/requirements-load.txt -

check: lint types test  ## exactly what CI runs

shots: $(VENV)/.dev $(VENV)/.messages  ## screenshots of the pages into shots/ (needs Chromium)
	@$(BIN)/python -m tests.browser.shots

bench: $(VENV)/.dev $(VENV)/.messages  ## figures of docs/performance.md, measured here
	@$(BIN)/python -m tests.bench

burst: $(VENV)/.dev $(VENV)/.messages $(LOAD)/.made  ## ten minutes of very many who sign: OPTIONS="--minutes 10 --rate 35"
	@$(BIN)/python -m tests.burst $(OPTIONS)

faults: $(VENV)/.dev $(VENV)/.messages  ## break each part while people sign (docs/faults.md)
	@$(BIN)/python -m tests.faults

backup: $(VENV)/.run  ## sealed backups of database and keys (docs/operations.md)
	@$(BIN)/python manage.py backup

restore: $(VENV)/.run  ## the backup FILE=... back into place, or its keys; OPTIONS=--drill tries it
	@$(BIN)/python $(if $(filter %.keys,$(FILE)),-m campaign.backups,manage.py restore) "$(FILE)" $(OPTIONS)

clean:  ## remove what the commands made, but not var/
	rm -rf $(VENV) $(LOAD) shots .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make run PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: deploy/requirements.txt | $(BIN)/python
	@echo "Installing the packages ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.dev: deploy/requirements-dev.txt | $(BIN)/python
	@echo "Installing the packages ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ $(VENV)/.run

$(LOAD)/.made: deploy/requirements-load.txt
	@echo "Installing what sends the crowd ..."
	@$(PYTHON) -m venv $(LOAD)
	@$(LOAD)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.messages: $(PO) | $(BIN)/python
	@for po in $(PO); do $(BIN)/pybabel --quiet compile --input-file $$po --output-file $${po%.po}.mo || exit 1; done
	@touch $@
