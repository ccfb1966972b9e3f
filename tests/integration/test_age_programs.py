"""What we seal other programs open, and what they seal we open.

Neither Debian 12's age nor pyrage knows hybrid recipients; `golden_age` in the unit tests holds
files of a program that does.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from store import age

IDENTITY = age.X25519Identity(bytes(range(1, 33)))
WORDS = "four quiet green boats"
SIZES = [0, 1, age.CHUNK, 3 * age.CHUNK + 7]

needs_age = pytest.mark.skipif(
    shutil.which("age") is None, reason="the age program is not installed"
)


@pytest.fixture(scope="module")
def pyrage() -> Any:
    return pytest.importorskip("pyrage", reason="pyrage is not installed")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    (tmp_path / "key").write_text(IDENTITY.encoded() + "\n")
    return tmp_path / "key"


def made(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def seal(recipient: age.Recipient, plaintext: bytes) -> bytes:
    return b"".join(age.seal_file([recipient], [plaintext]))


def unseal(file: bytes, identity: age.Identity) -> bytes:
    return b"".join(age.open_file(lambda at, n: file[at : at + n], len(file), [identity]))


def program(*argv: str | Path, given: bytes = b"") -> bytes:
    return subprocess.run(argv, input=given, capture_output=True, check=True).stdout


@needs_age
@pytest.mark.parametrize("size", SIZES)
def test_the_age_program_opens_what_we_seal(size: int, keys: Path) -> None:
    assert program("age", "-d", "-i", keys, given=seal(IDENTITY.recipient, made(size))) == made(
        size
    )


@needs_age
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", [[], ["-a"]])
def test_we_open_what_the_age_program_seals(size: int, form: list[str]) -> None:
    file = program("age", *form, "-r", str(IDENTITY.recipient), given=made(size))
    assert unseal(file, IDENTITY) == made(size)


@needs_age
def test_the_age_program_reads_the_keys_we_write(keys: Path) -> None:
    assert program("age-keygen", "-y", keys).decode().strip() == str(IDENTITY.recipient)


@needs_age
def test_we_read_the_keys_the_age_program_writes() -> None:
    written = program("age-keygen").decode().splitlines()
    (line,) = [each for each in written if not each.startswith("#")]
    public = next(each for each in written if "public key" in each).split()[-1]
    assert age.read_identity(line).recipient == age.read_recipient(public)
    assert age.read_identity(line).encoded() == line


@needs_age
@pytest.mark.skipif(shutil.which("setsid") is None, reason="setsid is not installed")
def test_passphrases_go_both_ways_with_the_age_program(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(made(100))
    _asked("age", "-p", "-o", tmp_path / "theirs", tmp_path / "plain", times=2)
    assert unseal((tmp_path / "theirs").read_bytes(), age.Passphrase(WORDS)) == made(100)
    (tmp_path / "ours").write_bytes(seal(age.Passphrase(WORDS, 12), made(100)))
    _asked("age", "-d", "-o", tmp_path / "opened", tmp_path / "ours", times=1)
    assert (tmp_path / "opened").read_bytes() == made(100)


def _asked(*argv: str | Path, times: int) -> None:
    """Run a program that asks at its terminal, and answer it."""
    ours, terminal = os.openpty()
    running = subprocess.Popen(
        ["setsid", "--ctty", *argv], stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    try:
        for _ in range(times):
            asked = b""
            while not asked.endswith(b": "):
                asked += os.read(ours, 1024)
            os.write(ours, WORDS.encode() + b"\n")
        assert running.wait(60) == 0
    finally:
        running.kill()
        running.wait()
        os.close(ours)


@pytest.mark.parametrize("size", SIZES)
def test_pyrage_opens_what_we_seal(size: int, pyrage: Any) -> None:
    theirs = pyrage.x25519.Identity.from_str(IDENTITY.encoded())
    assert pyrage.decrypt(seal(IDENTITY.recipient, made(size)), [theirs]) == made(size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("armored", [False, True])
def test_we_open_what_pyrage_seals(size: int, pyrage: Any, *, armored: bool) -> None:
    theirs = pyrage.x25519.Recipient.from_str(str(IDENTITY.recipient))
    assert unseal(pyrage.encrypt(made(size), [theirs], armored=armored), IDENTITY) == made(size)


def test_passphrases_go_both_ways_with_pyrage(pyrage: Any) -> None:
    assert pyrage.passphrase.decrypt(seal(age.Passphrase(WORDS, 12), made(100)), WORDS) == made(100)
    assert unseal(pyrage.passphrase.encrypt(made(100), WORDS), age.Passphrase(WORDS)) == made(100)
