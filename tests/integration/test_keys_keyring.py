"""The keyring wrapper against a real Secret Service, GNOME's, on message buses of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recorder.home import create_home
from store.keystore import KeyStore

RECORDER = Path(sys.executable).with_name("recorder")
# One run is one sign-in of the desktop's user: a bus, and a keyring that the password unlocks.
_SIGNED_IN = 'printf %s "$0" | gnome-keyring-daemon --unlock --components=secrets >&2; exec "$@"'
_SIGNED_OUT = 'exec "$@"'

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))),
    reason="no Secret Service is installed: 'make test' installs one",
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A new home of somebody whose desktop lies beside it."""
    create_home(tmp_path / "home").close()
    return tmp_path / "home"


def desktop(house: Path, *argv: str, words: str | None = "pw") -> subprocess.CompletedProcess[str]:
    """A command in a session of the user; without the words that unlock it, they have not signed in."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(house.parent), "LANG": "C.UTF-8"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    environment["XDG_RUNTIME_DIR"] = str(house.parent)
    script = _SIGNED_OUT if words is None else _SIGNED_IN
    session = ["dbus-run-session", "--", "sh", "-c", script, words or ""]
    return subprocess.run(
        [*session, *argv],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def recorder(house: Path, *words: str) -> str:
    """What a command said that went well."""
    done = desktop(house, str(RECORDER), *words, "--home", str(house))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def by_keyring(house: Path) -> Path:
    """A home that opens by the keyring alone."""
    (file,) = KeyStore(house / "keys").load().roots[0].entries
    assert "added keyring" in recorder(house, "keys", "wrap", "add", "keyring")
    recorder(house, "keys", "wrap", "remove", file.id)
    assert list((house / "keys").glob("*.key")) == []
    return house


def test_a_home_opens_by_the_keyring_at_each_sign_in(by_keyring: Path) -> None:
    for _ in range(2):
        assert recorder(by_keyring, "audit", "verify").startswith("the audit log is whole")
    assert "opens      keyring" in recorder(by_keyring, "keys", "drill")


@pytest.mark.parametrize("unlocks", [None, "another"])
def test_without_the_users_keyring_nothing_opens(by_keyring: Path, unlocks: str | None) -> None:
    argv = (str(RECORDER), "status", "--home", str(by_keyring))
    done = desktop(by_keyring, *argv, words=unlocks)
    assert done.returncode == 2
    said = done.stderr.splitlines()[-1]  # the bus and the keyring have words of their own
    assert said.startswith("recorder: no wrapper opens the root key here: keyring ")
    assert "the keyring is locked or does not answer" in said


def test_the_key_stands_nowhere_in_clear(by_keyring: Path) -> None:
    script = "import keyring, sys; print(keyring.get_password('recorder', sys.argv[1]))"
    content = KeyStore(by_keyring / "keys").load()
    account = f"{content.home}/{content.roots[0].entries[0].id}"
    key = desktop(by_keyring, sys.executable, "-c", script, account).stdout.strip()
    assert len(bytes.fromhex(key)) == 32
    files = [path for path in by_keyring.parent.rglob("*") if path.is_file()]
    assert any("keyrings" in path.parts for path in files)
    for path in files:
        data = path.read_bytes()
        assert key.encode() not in data
        assert bytes.fromhex(key) not in data


def test_a_wrapper_that_was_removed_leaves_the_keyring(by_keyring: Path) -> None:
    (entry,) = KeyStore(by_keyring / "keys").load().roots[0].entries
    recorder(by_keyring, "keys", "wrap", "add", "file")
    recorder(by_keyring, "keys", "wrap", "remove", entry.id)
    script = "import keyring; print(keyring.get_password('recorder', __import__('sys').argv[1]))"
    account = f"{KeyStore(by_keyring / 'keys').load().home}/{entry.id}"
    assert desktop(by_keyring, sys.executable, "-c", script, account).stdout == "None\n"


def test_the_secret_for_an_identity_provider_is_kept_there_and_in_no_file(house: Path) -> None:
    with (house / "config.toml").open("a", encoding="utf-8") as settings:
        settings.write('\noidc_issuer = "https://login.example"\noidc_client_id = "us"\n')
        settings.write("oidc_secret_keyring = true\n")
    keep = f"printf %s 'whispered~once' | {RECORDER} people provider-secret --home {house}"
    script = """
import sys; from pathlib import Path; from recorder.config import load
from recorder.identity import provider_of; print(provider_of(load(Path(sys.argv[1]))).agreed.secret)
"""
    both = f"{keep} && exec {sys.executable} -c '{script}' {house}"
    done = desktop(house, "sh", "-c", both)
    assert done.stdout.splitlines() == ["kept: set oidc_secret_keyring = true", "whispered~once"]
    kept = [each for each in house.parent.rglob("*") if each.is_file()]
    assert not [each for each in kept if b"whispered" in each.read_bytes()]
