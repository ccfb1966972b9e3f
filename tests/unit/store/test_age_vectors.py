"""The public test vectors of the age format, where a machine has them: each gives its result."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from store import age
from store.errors import ArmourError, HeaderError, MacError, NoMatchError, PayloadError
from tests.attacks.oracle import Attacks
from tests.conftest import SHARED

FOLDER = SHARED / "vectors" / "age"
COUNT = 143

# The final chunk is opened first and chunks are opened by the run, so less is released here than by
# a program that reads chunk by chunk: the bytes of these files that are. All were sealed as such.
RELEASED_LESS = {
    "armor_garbage_encoded": 0,
    "stream_bad_tag_second_chunk": 0,
    "stream_bad_tag_second_chunk_full": 0,
    "stream_last_chunk_empty": 0,
    "stream_no_final_full": 0,
    "stream_no_final_two_chunks": 0,
    "stream_no_final_two_chunks_full": 0,
    "stream_short_second_chunk": 0,
    "stream_trailing_garbage_long": 0,
    "stream_trailing_garbage_short": 0,
    "stream_two_final_chunks": 0,
    "stream_two_final_chunks_full": 0,
    "stream_two_final_chunks_second": 0,
}
NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Vector:
    """One public vector."""

    expect: str
    payload: str | None  # SHA-256 of what may be released
    file_key: str
    armoured: bool
    identities: list[age.Identity]
    file: bytes

    @classmethod
    def load(cls, path: Path) -> Vector:
        head, _, file = path.read_bytes().partition(b"\n\n")
        pairs = [line.split(": ", 1) for line in head.decode().splitlines()]
        fields = dict(pairs)
        keys: list[age.Identity] = [age.read_identity(v) for k, v in pairs if k == "identity"]
        words: list[age.Identity] = [age.Passphrase(v) for k, v in pairs if k == "passphrase"]
        return cls(
            fields["expect"],
            fields.get("payload"),
            fields["file key"],
            fields.get("armored") == "yes",
            keys + words,
            zlib.decompress(file) if fields.get("compressed") == "zlib" else file,
        )

    def read_at(self, offset: int, length: int) -> bytes:
        return self.file[offset : offset + length]

    def open(self) -> tuple[str, bytes]:
        """What came of it, and all the plaintext that was released."""
        released = bytearray()
        try:
            read_at, size = self.read_at, len(self.file)
            if self.armoured:
                armoured = age.Armoured(read_at, size)
                read_at, size = armoured.read_at, armoured.size
            for chunk in age.open_file(read_at, size, self.identities):
                released += chunk
        except (ArmourError, HeaderError, NoMatchError, PayloadError) as error:
            return _CLASSES[type(error)], bytes(released)
        return "success", bytes(released)


_CLASSES: dict[type[Exception], str] = {
    ArmourError: "armor failure",
    HeaderError: "header failure",
    MacError: "HMAC failure",
    NoMatchError: "no match",
    PayloadError: "payload failure",
}


def _paths() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*") if path.suffix != ".md")


here = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the public age vectors are not on this machine"
)


@here
def test_the_vectors_are_all_there() -> None:
    assert len(_paths()) == COUNT
    assert {path.name for path in _paths()} > RELEASED_LESS.keys()


@here
@pytest.mark.parametrize("path", _paths(), ids=lambda path: path.name)
def test_a_public_vector_gives_its_listed_result(path: Path, attack: Attacks) -> None:
    vector = Vector.load(path)
    outcome, released = vector.open()
    with attack("2 a public age vector", 1) as tried:
        tried.check((path.name, outcome), well=outcome == vector.expect)
    sha256 = hashlib.sha256(released).hexdigest()
    if path.name in RELEASED_LESS:
        assert len(released) == RELEASED_LESS[path.name]
        assert sha256 != vector.payload
    else:
        assert sha256 == (vector.payload or NOTHING)


@here
@pytest.mark.parametrize("path", _paths(), ids=lambda path: path.name)
def test_a_public_header_encodes_to_its_own_bytes(path: Path) -> None:
    vector = Vector.load(path)
    if vector.armoured or vector.expect in {"header failure", "armor failure"}:
        return
    end = vector.file.index(b"\n", vector.file.index(b"\n---") + 1) + 1
    assert age.Header.parse(vector.file[:end]).encoded() == vector.file[:end]


@here
@pytest.mark.parametrize("path", _paths(), ids=lambda path: path.name)
def test_a_public_file_key_is_the_one_found(path: Path) -> None:
    vector = Vector.load(path)
    if vector.armoured or vector.expect != "success":
        return
    end = vector.file.index(b"\n", vector.file.index(b"\n---") + 1) + 1
    assert age.open_key(vector.file[:end], vector.identities).hex() == vector.file_key
