"""Files sealed by this and by other programs in the past: they must open for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import age

FOLDER = Path(__file__).parent / "golden_age"
SHORT, LONG = b"A short note.\n", bytes(range(256)) * 257
FILES = {
    "hybrid_recorder": SHORT,
    "hybrid_recorder_two_chunks": LONG,
    "hybrid_typage": SHORT,
    "scrypt_age": SHORT,
    "scrypt_recorder": SHORT,
    "x25519_age": LONG,
    "x25519_age_armoured": SHORT,
    "x25519_recorder": SHORT,
}


def identities() -> list[age.Identity]:
    lines = (FOLDER / "keys.txt").read_text().splitlines()
    keys = [age.read_identity(line) for line in lines if not line.startswith("#")]
    return [*keys, age.Passphrase("four quiet green boats")]


def test_every_golden_file_is_tried() -> None:
    assert {path.stem for path in FOLDER.glob("*.age")} == FILES.keys()


@pytest.mark.parametrize(("name", "plaintext"), FILES.items())
def test_a_golden_file_opens(name: str, plaintext: bytes) -> None:
    file = (FOLDER / f"{name}.age").read_bytes()
    found = age.open_file(lambda at, n: file[at : at + n], len(file), identities())
    assert b"".join(found) == plaintext


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"x25519_age_armoured"}))
def test_a_golden_header_encodes_to_its_own_bytes(name: str) -> None:
    file = (FOLDER / f"{name}.age").read_bytes()
    header = file[: file.index(b"\n", file.index(b"\n---") + 1) + 1]
    assert age.Header.parse(header).encoded() == header
