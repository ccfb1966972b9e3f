from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from transcribe.clips import RATE
from transcribe.sides import turns_of_sides
from transcribe.speakers import Turn

Span = tuple[float, float, int]  # seconds, and the channel
TALK = ((0.5, 4.5, 0), (5.0, 9.0, 1), (9.5, 12.0, 0))


def voices(spans: Sequence[Span], seconds: float, across: float) -> NDArray[np.float64]:
    """Noise where somebody speaks; `across` of it is on the other channel as well."""
    random = np.random.default_rng(5)
    sound = random.normal(0, 0.0005, (int(seconds * RATE), 2))
    for start, end, side in spans:
        place = slice(int(start * RATE), int(end * RATE))
        said = random.normal(0, 0.1, place.stop - place.start)
        sound[place, side] += said
        sound[place, 1 - side] += across * said
    return sound


def found(sound: NDArray[np.float64], block: int = 9999) -> tuple[Turn, ...]:
    content = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    return turns_of_sides(content[at : at + block] for at in range(0, len(content), block))


@pytest.mark.parametrize("across", [0.0, 0.1, 0.25])
def test_a_person_on_each_channel_is_told_by_who_is_louder(across: float) -> None:
    turns = found(voices(TALK, 13, across))
    assert [turn.speaker for turn in turns] == [0, 1, 0]
    for turn, (start, end, _) in zip(turns, TALK, strict=True):
        assert abs(turn.start_ms - 1000 * start) <= 40
        assert abs(turn.end_ms - 1000 * end) <= 40


def test_both_at_once_are_two_turns() -> None:
    turns = found(voices(((0, 5, 0), (4, 10, 1)), 11, 0.05))
    assert [(turn.speaker, round(turn.start_ms, -2)) for turn in turns] == [(0, 0), (1, 4000)]
    assert abs(turns[0].end_ms - 5000) <= 60


@pytest.mark.parametrize("across", [0.5, 0.9, 1.0])
def test_two_microphones_of_one_room_say_nothing(across: float) -> None:
    assert found(voices(TALK, 13, across)) == ()


def test_a_person_on_one_channel_alone_is_no_conversation() -> None:
    assert found(voices([(0.5, 9, 0)], 10, 0.0)) == ()
    assert found(voices([(0.5, 9, 0), (9.2, 9.9, 1)], 10, 0.0)) == ()


def test_silence_and_nothing_say_nothing() -> None:
    assert found(np.zeros((5 * RATE, 2))) == ()
    assert turns_of_sides([]) == ()


@pytest.mark.parametrize("block", [1, 3, 640, 100_000])
def test_it_does_not_matter_how_the_sound_comes(block: int) -> None:
    sound = voices(((0, 3.2, 0), (3.4, 6.8, 1)), 7, 0.1)
    assert found(sound[: 7 * RATE], block) == found(sound, 12_345)
