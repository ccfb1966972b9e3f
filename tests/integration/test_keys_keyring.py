"""The keyring wrapper against a real Secret Service, on a message bus of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = """
import keyring
from store.errors import KeyAbsentError
from store.root import Root
from store.wrappers.model import Place, open_entry, seal
from store.wrappers.oskeyring import OsKeyring

home, root = "4f1c9a2077de0b31", Root.new()
entry = seal(root, home, OsKeyring(), {})
assert open_entry(entry, home, root.id, OsKeyring()) == root
OsKeyring().discard(Place(home, entry.id), entry.params)
try:
    open_entry(entry, home, root.id, OsKeyring())
except KeyAbsentError:
    print(type(keyring.get_keyring()).__module__)
"""


@pytest.mark.skipif(
    importlib.util.find_spec("keyring") is None
    or not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))),
    reason="no Secret Service, or no keyring extra, is installed",
)
def test_a_real_secret_service_keeps_and_forgets_a_key(tmp_path: Path) -> None:
    command = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >&2; exec "$@"'
    argv = ["dbus-run-session", "--", "sh", "-c", command, "sh", sys.executable, "-c", _SCRIPT]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    environment["XDG_RUNTIME_DIR"] = str(tmp_path)
    done = subprocess.run(
        argv, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "keyring.backends.SecretService", done.stderr
