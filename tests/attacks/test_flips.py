"""One flipped bit, in every place where there is one to flip.

A reader that streams gives out chunks before it has seen the last: those must be authentic, and the
whole must never be taken for whole. A reader that asks for all at once gets nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from random import Random

import pytest

from store import age
from store.errors import TamperedError
from tests.attacks.oracle import Attacks
from tests.attacks.world import LONG, SIZE, World, one_recording, record, unpinned

STREAMED, AT_ONCE, UNPINNED = 30_000, 10_000, 20_000  # with all those in row and identity: 100,000
NONCE_BITS = 8 * age.NONCE_SIZE

Bit = tuple[str, int]  # in which part, and which


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with one_recording(tmp_path) as made:
        yield made


class Places:
    """Every bit that a recording opens by: in its row, its case's identity, and its blob."""

    def __init__(self, world: World, recording: str | None = None) -> None:
        self._world = world
        self.recording = recording or next(iter(world.originals))
        self.content = world.originals[self.recording]
        self.blob = world.blob(self.recording)
        (case,) = world.cases
        self._columns = {
            "header": ("recordings", self.recording),
            "sealed": ("recordings", self.recording),
            "wrapped": ("identities", case.id),
            "recipient": ("identities", case.id),
        }

    def columns(self) -> list[Bit]:
        """All of those in the database."""
        return [(name, bit) for name in self._columns for bit in range(len(self._value(name)) * 8)]

    def payload(self) -> range:
        """Those in the blob; the first 128 are its nonce."""
        return range(self.blob.stat().st_size * 8)

    def flipped(self, bit: Bit) -> AbstractContextManager[None]:
        """The home with another bit in one place, for as long as this lasts."""
        name, place = bit
        if name == "blob":
            return _flipped_in_file(self.blob, place)
        table, row_id = self._columns[name]
        changed: dict[str, object] = {name: _flipped(self._value(name), place)}
        return self._world.changed(table, "id", row_id, **changed)

    def _value(self, name: str) -> bytes:
        table, row_id = self._columns[name]
        found: bytes = self._world.row(f"SELECT {name} FROM {table} WHERE id = ?", row_id)[0]  # noqa: S608 - constants
        return found


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@contextmanager
def _flipped_in_file(path: Path, bit: int) -> Iterator[None]:
    _flip(path, bit)
    try:
        yield
    finally:
        _flip(path, bit)


def _flip(path: Path, bit: int) -> None:
    with path.open("r+b", buffering=0) as file:
        file.seek(bit // 8)
        (value,) = file.read(1)
        file.seek(bit // 8)
        file.write(bytes([value ^ 1 << bit % 8]))


def test_a_bit_of_the_row_or_the_keys_is_flipped(world: World, attack: Attacks) -> None:
    places = Places(world)
    bits = places.columns()
    with attack("3 a bit flipped in header, row or identity", len(bits)) as tried:
        for bit in tried.some_of(bits):
            with places.flipped(bit):
                tried.refuse(bit, lambda: b"".join(world.store.recordings.open(places.recording)))


def test_a_bit_of_the_blob_is_flipped(world: World, attack: Attacks) -> None:
    """Of a longer one, which a reader gives out in more than one piece."""
    long = record(world, Random(3).randbytes(LONG), world.cases[0])
    places, recordings = Places(world, long.id), world.store.recordings
    with attack("3 a bit flipped in a blob that is streamed", STREAMED) as tried:
        bits = [*range(NONCE_BITS), *tried.chance.sample(places.payload(), STREAMED - NONCE_BITS)]
        for bit in tried.some_of(bits):
            with places.flipped(("blob", bit)):
                tried.read(bit, lambda: recordings.open(places.recording), places.content)


def test_a_bit_of_the_blob_is_flipped_and_all_of_it_asked_for(
    world: World, attack: Attacks
) -> None:
    def at_once() -> bytes:
        reader = world.store.recordings.open(places.recording)
        return reader.read(0, reader.size)

    places = Places(world)
    with attack("3 a bit flipped in a blob that is read at once", AT_ONCE) as tried:
        for bit in tried.chance.sample(places.payload(), tried.planned):
            with places.flipped(("blob", bit)):
                tried.refuse(bit, at_once)


@pytest.mark.parametrize("kind", ["hybrid", "X25519"])
def test_a_bit_of_a_file_that_nothing_pins_is_flipped(
    world: World, attack: Attacks, kind: str
) -> None:
    """A file from a laptop has no row beside it: the format alone must find it."""
    recipient = world.store.laptops.recipients()[kind == "X25519"]
    content = Random(2).randbytes(SIZE)
    file = b"".join(age.seal_file([recipient], [content]))
    header = file.index(b"\n", file.index(b"\n---") + 1) + 1
    with attack(f"3 a bit flipped in an age file, {kind}", UNPINNED) as tried:
        bits = [*range(header * 8)]
        bits += tried.chance.sample(range(header * 8, len(file) * 8), UNPINNED - len(bits))
        for bit in tried.some_of(bits):
            tried.read(bit, partial(unpinned, world, _flipped(file, bit)), content)


def test_what_nobody_touched_opens(world: World) -> None:
    """And so does what was touched and put back: else nothing above would mean anything."""
    places = Places(world)
    for bit in (*places.columns()[:: 1 << 10], ("blob", 7), ("blob", 8 * age.CHUNK)):
        with places.flipped(bit):
            pass
        assert b"".join(world.store.recordings.open(places.recording)) == places.content


def test_every_refusal_stands_in_the_audit_log(world: World) -> None:
    places = Places(world)
    for bit in (*places.columns()[:: 1 << 10], ("blob", 7), ("blob", 8 * age.CHUNK)):
        before = world.found()
        with places.flipped(bit), pytest.raises(TamperedError):
            list(world.store.recordings.open(places.recording))
        assert len(world.found()) == len(before) + 1
    assert world.store.audit.verify()
