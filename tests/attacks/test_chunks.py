"""Chunks moved, doubled, dropped and taken from elsewhere, at random, and read in random ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from store import age
from tests.attacks.oracle import Attacks
from tests.attacks.world import LONG, SIZE, World, one_recording, record

Chunks = list[bytes]  # the nonce, then sealed chunks
Tamper = Callable[[Chunks, Chunks, Random], Chunks]
SEALED_CHUNK = age.CHUNK + 16


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with one_recording(tmp_path) as made:
        yield made


def _two(world: World, size: int) -> tuple[str, str]:
    """Two recordings of one size, so that neither's length tells which it is."""
    one, two = (record(world, Random(size + n).randbytes(size), world.cases[0]) for n in (1, 2))
    return one.id, two.id


def _swap(chunks: Chunks, _other: Chunks, chance: Random) -> Chunks:
    one, two = chance.sample(range(len(chunks)), 2)
    moved = list(chunks)
    moved[one], moved[two] = moved[two], moved[one]
    return moved


def _shuffle(chunks: Chunks, _other: Chunks, chance: Random) -> Chunks:
    return chance.sample(chunks, len(chunks))


def _double(chunks: Chunks, _other: Chunks, chance: Random) -> Chunks:
    place = chance.randrange(len(chunks))
    return [*chunks[:place], *[chunks[place]] * chance.randint(2, 3), *chunks[place + 1 :]]


def _double_over(chunks: Chunks, _other: Chunks, chance: Random) -> Chunks:
    """One chunk in the place of another, so that the length stays."""
    moved, (one, two) = list(chunks), chance.sample(range(len(chunks)), 2)
    moved[one] = chunks[two]
    return moved


def _drop(chunks: Chunks, _other: Chunks, chance: Random) -> Chunks:
    place = chance.randrange(len(chunks))
    return chunks[:place] + chunks[place + 1 :]


def _splice(chunks: Chunks, other: Chunks, chance: Random) -> Chunks:
    """Some chunks of one blob, the rest of the other, each in its own place."""
    from_other = chance.sample(range(len(chunks)), chance.randint(1, len(chunks) - 1))
    return [other[i] if i in from_other else chunk for i, chunk in enumerate(chunks)]


def _cut_over(chunks: Chunks, other: Chunks, chance: Random) -> Chunks:
    """One blob up to any byte, the other from there."""
    one, two = b"".join(chunks), b"".join(other)
    place = chance.randrange(1, len(one))
    return [one[:place], two[place:]]


def _whole_other(_chunks: Chunks, other: Chunks, _chance: Random) -> Chunks:
    return other


TAMPERS: tuple[Tamper, ...] = (
    *(_swap, _shuffle, _double, _double_over),
    *(_drop, _splice, _cut_over, _whole_other),
)


@pytest.mark.parametrize(("size", "count"), [(SIZE, 8_000), (LONG, 2_000)])
def test_chunks_are_moved_about(world: World, attack: Attacks, size: int, count: int) -> None:
    one, two = _two(world, size)
    blob, content = world.blob(one), world.originals[one]
    mine, other = _chunks(blob.read_bytes()), _chunks(world.blob(two).read_bytes())
    with attack("5 chunks reordered, doubled, dropped, spliced", count) as tried:
        while tried.attempts < tried.planned:
            tamper = tried.chance.choice(TAMPERS)
            forged = tamper(mine, other, tried.chance)
            if forged == mine:  # a shuffle may put everything where it was
                continue
            blob.write_bytes(b"".join(forged))
            reading = tried.chance.choice((_streamed, _at_once))
            tried.read(tamper.__name__, partial(reading, world, one), content)
    blob.write_bytes(b"".join(mine))
    assert b"".join(_at_once(world, one)) == content


def test_single_ranges_of_a_changed_blob_give_out_what_is_authentic_alone(
    world: World, attack: Attacks
) -> None:
    """A player asks for a piece here and there; it never sees the last chunk but by the reader."""
    one, two = _two(world, SIZE)
    blob, content = world.blob(one), world.originals[one]
    mine, other = _chunks(blob.read_bytes()), _chunks(world.blob(two).read_bytes())
    with attack("5 single ranges of a blob with a foreign chunk", 2_000) as tried:
        for _ in range(tried.planned):
            place = tried.chance.randrange(1, 3)
            blob.write_bytes(b"".join([*mine[:place], other[place], *mine[place + 1 :]]))
            start = (place - 1) * age.CHUNK + tried.chance.randrange(age.CHUNK)
            reader = world.store.recordings.open(one)
            tried.refuse(place, partial(reader.read, start, tried.chance.randint(1, 100_000)))
            far = tried.chance.randrange(2 * age.CHUNK, SIZE)
            assert reader.read(far, 50) == content[far : far + 50]


def _chunks(payload: bytes) -> Chunks:
    starts = range(age.NONCE_SIZE, len(payload), SEALED_CHUNK)
    return [payload[: age.NONCE_SIZE], *(payload[at : at + SEALED_CHUNK] for at in starts)]


def _streamed(world: World, recording: str) -> Iterator[bytes]:
    yield from world.store.recordings.open(recording)


def _at_once(world: World, recording: str) -> Iterator[bytes]:
    reader = world.store.recordings.open(recording)
    yield reader.read(0, reader.size)
