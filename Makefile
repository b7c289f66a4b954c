# Every command a person needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOAK_MINUTES ?= 60

.DEFAULT_GOAL := help
.PHONY: help setup run demo test lint bench soak package lock translations clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## install what is missing: system packages, then Python packages into .venv

$(READY): packaging/requirements.lock packaging/bootstrap.sh pyproject.toml
	packaging/bootstrap.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r packaging/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: $(READY) ## open fieldkit on your own profile; without a display, run the demo
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(BIN)/fieldkit; \
	else \
		echo "No display here (DISPLAY is not set): running 'make demo', a whole visit on a virtual screen."; \
		exec $(MAKE) demo; \
	fi

demo: $(READY) ## a whole visit, unattended, on real parts; pictures in build/demo (DEMO=--keep-open to play)
	$(BIN)/python -m tests.e2e.demo $(DEMO)

test: lint ## check the code, then run the whole test suite with its coverage floors
	rm -f .coverage .coverage.*
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report= -q
	$(BIN)/coverage report --skip-covered --fail-under=85
	$(BIN)/coverage report --skip-covered --fail-under=95 \
		--include='fieldkit/domain/*,fieldkit/store/changes.py,fieldkit/sync/*'

lint: $(READY) ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## measure against peers in the same run; rows in build/bench.json
	$(BIN)/python -m tests.bench

soak: $(READY) ## the long tests (SOAK_MINUTES=60)
	SOAK_MINUTES=$(SOAK_MINUTES) QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -m "soak or thorough" --timeout=0

package: $(READY) ## a folder that runs without Python, and its smoke test
	$(BIN)/python -m PyInstaller --noconfirm --log-level WARN --distpath build/dist --workpath build/pyinstaller \
		packaging/fieldkit.spec
	$(BIN)/python packaging/smoke_test.py build/dist/fieldkit

lock: ## resolve the dependencies again (needs the package index)
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --extra registry --group dev \
		--generate-hashes --no-strip-extras --no-emit-index-url --no-annotate --no-header --quiet -o packaging/requirements.lock

translations: $(READY) ## take new messages up, and compile the catalogues
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ --no-location --sort-output -o build/fieldkit.pot fieldkit
	$(BIN)/pybabel -q update -D fieldkit -i build/fieldkit.pot -d resources/i18n -l en --no-fuzzy-matching --ignore-pot-creation-date --no-wrap
	$(BIN)/pybabel -q compile -D fieldkit -d resources/i18n -l en
	$(BIN)/pybabel -q compile -D messages -d resources/i18n -l fr

clean: ## remove what was built here
	rm -rf build $(VENV) .coverage .coverage.* .hypothesis .mypy_cache .ruff_cache .pytest_cache
