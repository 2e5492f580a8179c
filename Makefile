# `make run` and `make test` need python3 (3.11 or newer), make and a package registry.
PYTHON ?= python3
BIN := .venv/bin

# Tests start some two hundred processes. Without saved bytecode each of them compiles all that it
# imports, which takes 60 % of the time to start a flow, so a variable against it is not passed on.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: audit release-dry-run browser thorough fuzz mutants properties services golden grammar new-grammar help setup setup-dev run check portable test faults coverage lint format lock notebooks docs bench clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# A stamp remembers which lock was installed, so that the second time is quick. The lock is its own
# constraint: pip 23 would else look for the newest release of what another package needs with an
# extra, and has no hash for it. Python compiles a module when it is first imported: pip would compile
# all of them, on one core, which is a quarter of the work of installing.
.venv/runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "nalssi needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	@test ! -L .venv || { echo 'make: .venv is a link: installing here would change the folder that it points to'; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock -c requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/development: .venv/runtime requirements-dev.lock requirements-pandas.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.lock -c requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --no-deps --upgrade --target .venv/pandas -r requirements-pandas.lock
	@touch $@

setup: .venv/runtime  ## install what running needs into .venv

setup-dev: .venv/development  ## install what developing needs, too

run: setup  ## the main job on the sample pages: warehouse and charts
	$(BIN)/nalssi run

# The frames of the tests are small, and pytest-xdist keeps all cores busy: with a pool of threads in
# every process, polars wakes and stops threads for a sixth of the CPU time. The other targets, such
# as `properties`, run polars as users do.
check portable test thorough: export POLARS_MAX_THREADS := 1

check: setup-dev lint  ## lint, then every quick test that starts no process, the fast lane
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m "not process and not slow"

portable: setup-dev lint  ## lint, then every test that starts no process: those that macOS runs, too
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m "not process"

test: setup-dev lint  ## lint, then every test but those of the targets below
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

thorough: setup-dev  ## the tests of `make test` with more cases of each kind
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --thorough

faults: setup-dev  ## kill runs, fill disks, damage files: a fault at each write, every order of processes
	$(BIN)/python -m pytest --numprocesses auto --dist load tests/faults/test_failpoints.py tests/faults/test_schedules.py --faults=all
	$(BIN)/python -m pytest tests/faults tests/warehouse/test_concurrent_readers.py --faults=all --deselect tests/faults/test_failpoints.py --deselect tests/faults/test_schedules.py

mutants: setup-dev  ## put 400 small faults into the code, and list those that no test notices (goes on where it stopped)
	nice -n 19 $(BIN)/python -m tools.mutants

services: setup-dev  ## operate Prefect servers, their UI and workers, as docs/operations.md says: ten minutes
	$(BIN)/python -m pytest tests/flows -m make_services --services

browser: setup-dev  ## drive every kind of page of the gallery in Chromium
	$(BIN)/python -m pytest tests/browser --browser

properties: setup-dev  ## the tests of properties, with ten times as many examples
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --hypothesis-profile many -m hypothesis

coverage: setup-dev  ## every test, and the share of lines and branches that ran
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --thorough --cov --cov-report term:skip-covered --cov-report html:build/coverage

# mypy reads `sys.platform` tests, so code for another system is checked here too.
MYPY_LINUX := --platform linux --cache-dir .mypy_cache/linux
MYPY_OTHER := --config-file tools/other_systems.ini --cache-dir .mypy_cache/

lint: setup-dev  ## ruff, and mypy for Linux, macOS and Windows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	printf '%s\n' '$(MYPY_LINUX)' '$(MYPY_OTHER)darwin --platform darwin' '$(MYPY_OTHER)win32 --platform win32' | xargs -P 2 -L 1 $(BIN)/mypy

format: setup-dev  ## let ruff format and fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# uv comes from the registry too; the lock carries hashes and no address. UPGRADE=--upgrade takes newer releases.
lock: setup-dev  ## resolve the dependencies of pyproject.toml and requirements-*.in
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet $(UPGRADE) pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet $(UPGRADE) requirements-dev.in -o requirements-dev.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-deps --quiet $(UPGRADE) requirements-pandas.in -o requirements-pandas.lock

notebooks: setup-dev  ## execute the notebooks again
	$(BIN)/python -m notebooks

docs: setup-dev  ## regenerate the generated parts of the docs
	$(BIN)/python -m tools.generate_docs
	$(BIN)/python -m tools.licences

new-grammar: setup-dev  ## raise PARSER_VERSION, because pages are read differently, and record the grammar
	$(BIN)/python -m tools.parser_version
	$(BIN)/python -m nalssi.part_version > tests/ticker/grammar.json

grammar: setup-dev  ## record the changed grammar under the same PARSER_VERSION, because results stay equal
	$(BIN)/python -m nalssi.part_version > tests/ticker/grammar.json

prefect-database: setup-dev  ## record the database of the installed Prefect, after an update of Prefect
	$(BIN)/python -m tools.prefect_database

golden: setup-dev  ## draw the golden pictures again, because charts look different on purpose
	NALSSI_RENEW_GOLDEN=1 $(BIN)/python -m pytest tests/charts/test_golden.py

SECONDS ?= 60

fuzz: setup-dev  ## hostile input for SECONDS (default 60)
	$(BIN)/python -m tests.fuzz $(SECONDS)

# pip-audit keeps out of .venv, whose packages it judges.
audit: setup-dev  ## known vulnerabilities of the locked packages (status 3: advisories out of reach)
	@test -x build/audit/bin/pip-audit || { $(PYTHON) -m venv build/audit && build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit; }
	$(BIN)/python -m tools.audit build/audit/bin/pip-audit

# cyclonedx-py keeps out of .venv, whose packages it lists from the lock.
release-dry-run: setup-dev  ## build a release with SBOM and checksums into build/release, publish nothing
	@test -x build/sbom/bin/cyclonedx-py || { $(PYTHON) -m venv build/sbom && build/sbom/bin/python -m pip install --quiet --disable-pip-version-check 'cyclonedx-bom>=7.5,<8'; }
	$(BIN)/python -m tools.release build/sbom/bin/cyclonedx-py build/release

bench: setup-dev  ## measure, against peers in the same run
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.analysis
	$(BIN)/python -m studies.quality_study
	$(BIN)/python -m studies.timing_study
	$(BIN)/python -m benchmarks.charts

clean:  ## remove what running and building made
	rm -rf .venv build data/warehouse .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
