from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.telling import Aside
from transcribe.clips import Samples
from transcribe.voices import Look


class Noting:
    """Notes what it is given to look at."""

    name, sha256 = "noting", ""

    def __init__(self) -> None:
        self.given: list[tuple[int, Samples]] = []

    def look(self, samples: Samples, start: int) -> Look:
        self.given.append((start, samples))
        return Look(start, start + len(samples), ())


@given(
    sizes=st.lists(st.integers(1, 40_000), min_size=1, max_size=20),
    start=st.integers(0, 30_000),
    ends=st.lists(st.floats(0, 1), max_size=4),
)
def test_each_sample_from_the_start_on_is_looked_at_where_it_stands(
    sizes: list[int], start: int, ends: list[float]
) -> None:
    sound = (np.arange(sum(sizes)) % 32_000).astype("<i2")
    start = min(start, len(sound))
    cuts = sorted(start + int(share * (len(sound) - start)) for share in (*ends, 1.0))
    blocks = np.split(sound, np.cumsum(sizes)[:-1])
    telling = Noting()
    aside = Aside((block.tobytes() for block in blocks), telling, start)
    assert b"".join(aside) == sound.tobytes()
    for cut in cuts:
        aside.looks(cut)
    seen = np.full(len(sound), -1.0)
    for at, samples in telling.given:
        seen[at : at + len(samples)] = samples * 32768
    assert seen[start:].tolist() == sound[start:].tolist()
    assert (seen[:start] == -1).all()


def test_without_anybody_to_tell_the_sound_just_passes() -> None:
    aside = Aside([b"ab", b"cd"], None, 0)
    assert list(aside) == [b"ab", b"cd"]
    assert aside.looks(2) == ()


@pytest.mark.parametrize("size", [0, 1])
def test_an_empty_stretch_has_no_voices(size: int) -> None:
    telling = Noting()
    aside = Aside([bytes(2 * size)], telling, 0)
    list(aside)
    assert [look.end - look.start for look in aside.looks(size)] == [size]
