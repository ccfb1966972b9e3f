"""A blob of three chunks, cut at every length there is: none is taken for the whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from store import age
from tests.attacks.oracle import Attacks
from tests.attacks.world import SIZE, World, one_recording, unpinned

SEALED_CHUNK = age.CHUNK + 16
LENGTHS = age.NONCE_SIZE + SIZE + 3 * 16
NEAR = [
    edge + off
    for edge in (0, *range(age.NONCE_SIZE, LENGTHS, SEALED_CHUNK), LENGTHS)
    for off in range(-20, 21)
    if 0 <= edge + off < LENGTHS
]
"""Lengths at the edges of chunks, tags and the nonce: never left out."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with one_recording(tmp_path) as made:
        yield made


def test_a_blob_is_cut(world: World, attack: Attacks) -> None:
    ((recording, content),) = world.originals.items()
    blob = world.blob(recording)
    whole = blob.read_bytes()
    assert len(whole) == LENGTHS
    with attack("4 a blob cut in the vault", LENGTHS) as tried:
        for length in sorted({*NEAR, *tried.some_of(range(LENGTHS))}, reverse=True):
            os.truncate(blob, length)
            tried.read(length, partial(world.store.recordings.open, recording), content)
    blob.write_bytes(whole)
    assert b"".join(world.store.recordings.open(recording)) == content


def test_a_file_that_nothing_pins_is_cut(world: World, attack: Attacks) -> None:
    content = bytes(SIZE)
    file = b"".join(age.seal_file([world.store.laptops.recipients()[0]], [content]))
    start = len(file) - LENGTHS
    with attack("4 an age file cut", len(file)) as tried:
        lengths = {*(start + length for length in NEAR), *tried.some_of(range(len(file)))}
        for length in lengths:
            tried.read(length, partial(unpinned, world, file[:length]), content)
    assert b"".join(unpinned(world, file)) == content
