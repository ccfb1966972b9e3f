"""Where the words of clips stand in a recording."""

from pathlib import Path

import numpy as np
import pytest

from tests.heard import found
from transcribe.clips import RATE, Window
from transcribe.engine import EngineError, Expected, FasterWhisper, Speech
from transcribe.model import Person
from transcribe.segments import words_of
from transcribe.vocabulary import hotwords

TEN_SECONDS = 10 * RATE


def speech(*spans: tuple[int, int], start: int = 0) -> Speech:
    """Ten seconds of sound from `start` s, with one clip of the given seconds."""
    first = start * RATE
    clip = tuple((one * RATE, two * RATE) for one, two in spans)
    samples = np.arange(TEN_SECONDS, dtype=np.float32)
    return Speech(Window(first, first + TEN_SECONDS, samples, (clip,)), (clip,))


def test_times_count_from_the_start_of_the_recording() -> None:
    (word,) = words_of(found((" hello", 1.0, 1.5)), speech((0, 5), start=60).place, 0)
    assert (word.start_ms, word.end_ms, word.text) == (61_000, 61_500, "hello")


def test_the_silence_that_was_left_out_counts() -> None:
    words = words_of(
        found((" hello", 0.5, 1.0), (" again", 2.5, 3.0)), speech((1, 3), (6, 9)).place, 0
    )
    assert [(word.start_ms, word.end_ms) for word in words] == [(1500, 2000), (6500, 7000)]


def test_a_word_stands_within_one_span() -> None:
    (word,) = words_of(found((" hello", 1.8, 2.6)), speech((1, 3), (6, 9)).place, 0)
    assert (word.start_ms, word.end_ms) == (6000, 6600)


def test_times_never_run_backwards_or_out_of_the_speech() -> None:
    words = words_of(
        found((" one", 1.0, 2.0), (" two", 1.5, 1.2), (" three", 9.0, 11.0)),
        speech((0, 10)).place,
        1200,
    )
    times = [at for word in words for at in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert times[0] == 1200
    assert times[-1] == 10_000


def test_clips_lie_end_to_end_in_what_the_model_hears() -> None:
    clips = (((RATE, 2 * RATE), (3 * RATE, 5 * RATE)), ((6 * RATE, 7 * RATE),))
    samples = np.arange(TEN_SECONDS, dtype=np.float32)
    heard = Speech(Window(0, TEN_SECONDS, samples, clips), clips)
    assert heard.clips == [{"start": 0.0, "end": 3.0}, {"start": 3.0, "end": 4.0}]
    assert heard.samples.tolist() == [
        *range(RATE, 2 * RATE),
        *range(3 * RATE, 5 * RATE),
        *range(6 * RATE, 7 * RATE),
    ]


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        FasterWhisper(tmp_path, name="none", sha256="0" * 64)


def test_a_place_that_is_expected_is_a_word_that_people_write() -> None:
    """Garratt Lane is nobody's name: it is not written over, however rare a word it is."""
    hints = "This is a note about Taras and Siân. We talked about MASH and Garratt Lane."
    terms = Expected("en", hints, ("Taras", "Siân Jones")).kept
    assert {"garratt", "lane", "mash"} <= terms
    assert not {"taras", "siân"} & terms
    assert Expected("en", None, ("Taras",)).kept == frozenset()


def test_a_term_that_the_hints_have_no_room_for_is_kept_as_well() -> None:
    """Only people of the case are written as names: a team's word for a place is nobody."""
    names = ("Taras", "Siân Jones")
    people = [Person(name, "peer") for name in names]
    glossary = (*(f"place number {at}" for at in range(60)), "the tarras", "Taras House")
    hints = hotwords(people, glossary) or ""
    assert "tarras" not in hints
    kept = Expected("en", hints, names, glossary).kept
    assert {"tarras", "house"} <= kept
    assert "taras" not in kept
    assert "" not in kept
