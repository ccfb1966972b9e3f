# The commands that people and CI use. `make demo` and `make test` need nothing but git, make and
# Python 3.11 or newer on Debian or Ubuntu; they install the rest.

BIN := .venv/bin
HOME_DEMO ?= .demo
CODE := recorder transcribe store templates tests benchmarks tools

.PHONY: setup setup-dev demo run test check attack lint types imports bench coverage clean

setup: .venv/run.stamp

setup-dev: .venv/dev.stamp

.venv/run.stamp: requirements.lock requirements-voices.lock pyproject.toml
	@bash tools/setup.sh requirements.lock requirements-voices.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock requirements-voices.lock requirements-llm.lock pyproject.toml
	@bash tools/setup.sh requirements-dev.lock requirements-voices.lock requirements-llm.lock
	@touch $@ .venv/run.stamp

# A fictional team, a sample and the pages on this machine only. ONCE=1 does it all and stops.
demo: setup
	@bash tools/need.sh ffmpeg=ffmpeg
	@bash tools/need.sh --optional bwrap=bubblewrap
	@$(BIN)/recorder demo --home $(HOME_DEMO) $(if $(ONCE),--once)

run: setup
	@bash tools/need.sh ffmpeg=ffmpeg
	@bash tools/need.sh --optional bwrap=bubblewrap
	$(BIN)/recorder run

test: setup-dev
	@bash tools/need.sh ffmpeg=ffmpeg espeak-ng=espeak-ng chromium=chromium age=age \
	  gnome-keyring-daemon=gnome-keyring dbus-run-session=dbus initdb=postgresql
	@bash tools/need.sh --optional bwrap=bubblewrap strace=strace tesseract=tesseract-ocr node=nodejs npm=npm
	$(BIN)/pytest -n 2 --dist worksteal

check: setup-dev lint types imports test

# The attack suites at their full counts, and a table of what came of them. Takes most of an hour.
# SEED=... makes again the attacks of the run that printed it.
attack: setup-dev
	$(BIN)/pytest -n 2 --dist worksteal -q --attacks 10000 $(if $(SEED),--attack-seed $(SEED)) \
		tests/attacks tests/crash \
		tests/unit/store/test_age_vectors.py tests/unit/store/test_audit_tampering.py \
		tests/unit/store/test_erasing_attack.py tests/e2e/test_scripts.py \
		tests/integration/web/test_web_api.py tests/integration/web/test_web_inviting.py

lint: setup-dev
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: setup-dev
	$(BIN)/mypy

imports: setup-dev
	$(BIN)/lint-imports

coverage: setup-dev
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report --show-missing

bench: setup-dev
	$(BIN)/python -m benchmarks.transcription
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.film
	$(BIN)/python -m benchmarks.store
	$(BIN)/python -m benchmarks.drafting
	$(BIN)/python -m benchmarks.scheduling
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.playing
	$(BIN)/python -m benchmarks.openings
	$(BIN)/python -m benchmarks.leaving
	$(BIN)/python -m benchmarks.speakers
	$(BIN)/python -m benchmarks.packs

clean:
	rm -rf .venv .demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
