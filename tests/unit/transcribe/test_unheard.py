"""Voice without words is told, whatever stands around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.model import Word
from transcribe.unheard import LEAST_MS, Stretch, unheard


def words(*times: Stretch) -> list[Word]:
    return [Word(start, end, "word", 0.9) for start, end in times]


@pytest.mark.parametrize(
    ("voice", "heard", "expected"),
    [
        ([], [], ()),
        ([(0, 5000)], [(0, 2400), (2600, 5000)], ()),
        ([(0, 5000)], [], ((0, 5000),)),
        ([(0, 5000)], [(0, 1000)], ((1000, 5000),)),
        ([(0, 5000)], [(4000, 5000)], ((0, 4000),)),
        ([(0, 9000)], [(0, 1000), (8000, 9000)], ((1000, 8000),)),
        ([(0, 1500), (9000, 9900)], [(100, 1400)], ()),
        ([(0, 1200), (4000, 5200)], [], ((0, 5200),)),
        ([(2000, 3000)], [(0, 1000), (3500, 3600)], ()),
    ],
    ids=[
        *("no voice", "all heard", "nothing heard", "end lost", "beginning lost", "middle lost"),
        *("a cough far away", "two pieces", "words beside the voice"),
    ],
)
def test_much_voice_without_a_word_is_told(
    voice: list[Stretch], heard: list[Stretch], expected: tuple[Stretch, ...]
) -> None:
    assert unheard(voice, words(*heard)) == expected


times = st.lists(st.integers(0, 60_000), max_size=24).map(
    lambda edges: list(zip(*[iter(sorted(edges))] * 2, strict=False))
)


@given(times, times)
def test_what_is_told_holds_much_voice_and_no_word(
    voice: list[Stretch], heard: list[Stretch]
) -> None:
    for start, end in unheard(voice, words(*heard)):
        assert sum(max(0, min(b, end) - max(a, start)) for a, b in voice) >= LEAST_MS
        assert not [1 for a, b in heard if a < end and b > start and a < b]
