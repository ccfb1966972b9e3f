"""Random ranges against the plaintext itself, at and around every chunk's edge."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from store import age
from tests.attacks.oracle import Attack, Attacks
from tests.attacks.world import World, one_recording, record, unpinned

SIZES = (0, 1, age.CHUNK - 1, age.CHUNK, age.CHUNK + 1, 3 * age.CHUNK, 3 * age.CHUNK + 7)
ReadRange = Callable[[int, int], bytes]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with one_recording(tmp_path) as made:
        yield made


@pytest.mark.parametrize("size", SIZES)
def test_ranges_of_what_lies_in_the_vault(world: World, attack: Attacks, size: int) -> None:
    content = Random(size).randbytes(size)
    recording = record(world, content, world.cases[0]).id
    reader = world.store.recordings.open(recording)
    with attack("10 a range read from the vault", 20_000) as tried:
        _compare(tried, reader.read, content)


@pytest.mark.parametrize("size", SIZES)
def test_ranges_of_a_payload_in_memory(attack: Attacks, size: int) -> None:
    content, key = Random(size).randbytes(size), bytes(16)
    payload = b"".join(age.encrypt(key, [content]))
    reader = age.Reader(key, lambda at, length: payload[at : at + length], len(payload))
    with attack("10 a range read from memory", 110_000) as tried:
        _compare(tried, reader.read, content)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_ranges_of_a_file_in_armour(world: World, attack: Attacks, line_end: bytes) -> None:
    content = Random(5).randbytes(2 * age.CHUNK + 77)
    file = b"".join(age.seal_file([world.store.laptops.recipients()[1]], [content]))
    reader = unpinned(world, _armoured(file, line_end))
    with attack("10 a range read from an armoured file", 45_000) as tried:
        _compare(tried, reader.read, content)


def _compare(tried: Attack, read: ReadRange, content: bytes) -> None:
    for _ in range(tried.planned):
        start, length = _range(tried.chance, len(content))
        right = partial(read, start, length)() == content[start : start + length]
        tried.check((len(content), start, length), well=right)


def _range(chance: Random, size: int) -> tuple[int, int]:
    """Starts and ends near the edges of chunks, more often than anywhere; some past the end."""
    edges = [*range(0, size + 1, age.CHUNK), size]
    near = (chance.choice(edges) + chance.randint(-3, 3), chance.randrange(size + 10))
    start = max(0, chance.choice(near))
    to_an_edge = max(0, chance.choice(edges) + chance.randint(-3, 3) - start)
    return start, chance.choice((chance.randint(0, 40), to_an_edge, chance.randrange(size + 10)))


def _armoured(file: bytes, line_end: bytes) -> bytes:
    text = base64.b64encode(file)
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    begin, end = b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END AGE ENCRYPTED FILE-----"
    return line_end.join((begin, *lines, end, b""))
