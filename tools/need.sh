#!/usr/bin/env bash
# Sees that the named Debian packages' programs are there: tools/need.sh PROGRAM=PACKAGE ...
# Installs what is missing when root or sudo allows it without asking, else says the one command to type.
# After --optional come those that are worth having: without them all goes on.
set -euo pipefail
# Debian keeps a database server's programs where no PATH leads.
for folder in /usr/lib/postgresql/*/bin; do PATH="$PATH:$folder"; done
missing=() fail=1
[ "${1:-}" = --optional ] && fail=0 && shift
for pair in "$@"; do
  command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
done
[ "${#missing[@]}" -eq 0 ] && exit 0
say() { echo "Missing: ${missing[*]}. Install with: sudo apt-get install -y ${missing[*]}" >&2; exit "$fail"; }
command -v apt-get >/dev/null || { echo "Missing: ${missing[*]}. Install them and try again." >&2; exit "$fail"; }
if [ "$(id -u)" -eq 0 ]; then run=(); elif sudo -n true 2>/dev/null; then run=(sudo -n); else say; fi
echo "Installing ${missing[*]} ..."
"${run[@]}" apt-get update -qq || true  # an old package list may still do
DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -qq "${missing[@]}" >/dev/null || say
