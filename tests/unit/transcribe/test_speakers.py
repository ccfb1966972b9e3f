"""Turns from looks made by hand; real voices are told apart in an integration test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from transcribe.clips import RATE, Samples
from transcribe.speakers import Turn, looks, turns
from transcribe.voices import FRAME, FRAMES, HOP, LOOK, MIDDLE, Look, Voice

Span = tuple[float, float, int]  # seconds, and who


class Knowing:
    """Tells voices apart by knowing who speaks when."""

    name, sha256 = "knowing", ""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self.asked: list[tuple[int, int]] = []

    def look(self, samples: Samples, start: int) -> Look:
        self.asked.append((start, start + len(samples)))
        at = (start + MIDDLE + np.arange(FRAMES) * FRAME) / RATE
        voices = []
        for who in sorted({who for _, _, who in self.spans}):
            spans = [(begin, end) for begin, end, mine in self.spans if mine == who]
            active = np.any([(at >= begin) & (at < end) for begin, end in spans], 0)
            if active.any():
                alone = int(active.sum()) * FRAME * 1000 // RATE
                voices.append(Voice(np.packbits(active).tobytes(), alone, sound(who)))
        return Look(start, start + len(samples), tuple(voices))


def sound(who: int) -> bytes:
    vector = np.zeros(192)
    vector[who] = 1
    return vector.astype("<f2").tobytes()


def told(spans: Sequence[Span], seconds: float, number: int | None = None) -> tuple[Turn, ...]:
    samples = np.zeros(int(seconds * RATE), np.float32)
    return turns(list(looks(samples, 0, Knowing(spans))), number)


def near(turn: Turn, start: float, end: float) -> bool:
    return abs(turn.start_ms - start * 1000) <= 40 and abs(turn.end_ms - end * 1000) <= 40


def test_turns_of_two_people_are_found_where_they_are() -> None:
    spans = [(1, 6, 3), (6.5, 9, 8), (9.2, 21, 3), (22, 24, 8)]
    found = told(spans, 25)
    assert [turn.speaker for turn in found] == [0, 1, 0, 1]
    assert all(near(turn, *span[:2]) for turn, span in zip(found, spans, strict=True))


def test_one_person_is_one_speaker_however_long() -> None:
    found = told([(at, at + 4, 5) for at in range(0, 600, 5)], 600)
    assert {turn.speaker for turn in found} == {0}
    assert len(found) == 120


def test_who_speaks_at_once_is_told_of_both() -> None:
    first, second = told([(1, 8, 1), (6, 12, 2)], 14)
    assert near(first, 1, 8)
    assert near(second, 6, 12)


def test_nobody_speaks_in_silence() -> None:
    assert told([], 30) == ()


def test_somebody_heard_for_a_moment_is_not_made_a_speaker() -> None:
    found = told([(0, 10, 1), (11, 12.5, 2), (13, 30, 1)], 30)
    assert [turn.speaker for turn in found] == [0, None, 0]  # and nobody is said to have spoken


def test_the_number_of_people_can_be_told() -> None:
    assert {turn.speaker for turn in told([(0, 9, 1), (10, 19, 2), (20, 30, 3)], 30, 2)} == {0, 1}


def test_no_more_people_are_found_than_there_are_voices() -> None:
    assert {turn.speaker for turn in told([(0, 9, 1), (10, 19, 2)], 20, 4)} == {0, 1}


def test_somebody_who_hardly_speaks_takes_nobodys_place() -> None:
    """Two speak, and somebody coughs: the two are not joined to make room."""
    spans = [(0, 9, 1), (10, 11.2, 3), (12, 20, 2), (21, 30, 1)]
    found = told(spans, 30, 2)
    assert [turn.speaker for turn in found] == [0, None, 1, 0]


@pytest.mark.parametrize("seconds", [0.5, 9.9, 10, 10.1, 12.4, 12.6, 15, 64.2])
def test_every_moment_is_looked_at_and_no_look_goes_beyond_the_sound(seconds: float) -> None:
    telling, length = Knowing([]), int(seconds * RATE)
    list(looks(np.zeros(length, np.float32), 4000, telling))
    assert telling.asked[0][0] == 4000
    assert telling.asked[-1][1] == 4000 + length
    assert all(end - start <= LOOK for start, end in telling.asked)
    for before, after in zip(telling.asked, telling.asked[1:], strict=False):
        assert 0 < after[0] - before[0] < 2 * HOP
        assert after[0] < before[1]
