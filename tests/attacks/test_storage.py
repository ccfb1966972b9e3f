"""Storage that lies, and a reader while things are replaced under it.

Whatever comes back is the original's own bytes in their own place, or an error.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from store.errors import StoreError
from store.vault import Vault
from tests.attacks.oracle import Attacks
from tests.attacks.world import SIZE, World, fill, one_recording, opened, record

Lie = Callable[[bytes, Random], bytes]


def _short(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _one_short(data: bytes, _chance: Random) -> bytes:
    return data[:-1]


def _nothing(_data: bytes, _chance: Random) -> bytes:
    return b""


def _more(data: bytes, chance: Random) -> bytes:
    return data + chance.randbytes(chance.randint(1, 40))


def _zeros(data: bytes, chance: Random) -> bytes:
    """A hole, as a file has that was not written out before the power went."""
    start = chance.randrange(len(data) - 8)
    hole = chance.randint(8, len(data) - start)
    return data[:start] + bytes(hole) + data[start + hole :]


def _shifted(data: bytes, _chance: Random) -> bytes:
    return data[1:] + data[:1]


LIES: tuple[Lie, ...] = (_short, _one_short, _nothing, _more, _zeros, _shifted)


class Lying:
    """A vault that answers one of its readings otherwise than it should."""

    def __init__(self, vault: Vault, lie: Lie, number: int, chance: Random) -> None:
        self._vault, self._lie, self._left, self._chance = vault, lie, number, chance
        self.size = vault.size

    def read_at(self, blob_id: str, offset: int, length: int) -> bytes:
        data = self._vault.read_at(blob_id, offset, length)
        self._left -= 1
        return self._lie(data, self._chance) if self._left == 0 else data


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A case with two recordings of one size."""
    with one_recording(tmp_path) as made:
        record(made, Random(2).randbytes(SIZE), made.cases[0])
        yield made


def test_storage_that_answers_wrongly_once(
    world: World, attack: Attacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    recordings, (recording, content) = world.store.recordings, next(iter(world.originals.items()))
    whole = recordings._vault
    with attack("4 an answer of storage that is short, long, empty or wrong", 5_000) as tried:
        for _ in range(tried.planned):
            lie = tried.chance.choice(LIES)
            # A reader asks for the nonce, then for the last chunk, then for all of it.
            number = tried.chance.randint(1, 3)
            lying = Lying(whole, lie, number, tried.chance)
            monkeypatch.setattr(recordings, "_vault", lying)
            tried.read((lie.__name__, number), partial(recordings.open, recording), content)
    monkeypatch.setattr(recordings, "_vault", whole)
    assert b"".join(recordings.open(recording)) == content


def test_a_blob_replaced_while_it_is_read(world: World, attack: Attacks) -> None:
    """By another of the same length: at once, or byte by byte under the reader."""
    (one, content), (two, _) = world.originals.items()
    blob, contents = world.blob(one), [world.blob(each).read_bytes() for each in (one, two)]
    stop = threading.Event()
    replacing = threading.Thread(target=_replace, args=(blob, contents, stop))
    replacing.start()
    try:
        with attack("5 a blob replaced while it is read", 2_000) as tried:
            for _ in range(tried.planned):
                tried.check("foreign bytes", well=_only_authentic(world, one, content))
    finally:
        stop.set()
        replacing.join()
    blob.write_bytes(contents[0])
    assert b"".join(world.store.recordings.open(one)) == content


def _replace(blob: Path, contents: list[bytes], stop: threading.Event) -> None:
    chance = Random(3)
    while not stop.is_set():
        data = chance.choice(contents)
        if chance.random() < 0.5:
            other = blob.with_name("other")
            other.write_bytes(data)
            other.replace(blob)
        else:
            blob.write_bytes(data)


def _only_authentic(world: World, recording: str, content: bytes) -> bool:
    """Whether all that is given out is the original's: all of it, or some and then an error."""
    place = 0
    try:
        for piece in world.store.recordings.open(recording):
            if piece != content[place : place + len(piece)]:
                return False
            place += len(piece)
    except StoreError:
        return True
    return place == len(content)


def test_a_reader_goes_on_while_its_recording_is_given_to_a_case(tmp_path: Path) -> None:
    """And what opens it afterwards is another header."""
    with opened(tmp_path) as world:
        fill(world, Random(4))
        note = world.store.notes.get(world.notes[-1])
        (recording,) = world.store.recordings.of_note(note.id)
        reader, content = world.store.recordings.open(recording.id), world.originals[recording.id]
        assert reader.read(0, 50) == content[:50]
        world.store.assigning.assign(note, world.cases[0].id, "test")
        assert reader.read(0, reader.size) == content
        assert b"".join(world.store.recordings.open(recording.id)) == content


def test_a_reader_ends_with_an_error_when_its_recording_is_erased(world: World) -> None:
    recording = next(iter(world.originals))
    reader = world.store.recordings.open(recording)
    world.store.erasing.recording(recording, "test")
    with pytest.raises(StoreError):
        reader.read(0, 1)
