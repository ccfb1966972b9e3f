from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from recorder.review.spoken import Line
from recorder.review.states import State
from recorder.review.web import words
from store.records import (
    AGREEMENT_NEEDED,
    CHAPTER,
    GATHERING,
    PROBED,
    RECEIVED,
    TRANSCRIBED,
)
from transcribe.corrected import Said
from transcribe.model import Origin, Segment, Source, Statement


def test_each_word_of_a_line_has_its_moment_or_a_stroke() -> None:
    segment = Segment(1000, 3000, "a b c")
    said = (
        Said("He", start_ms=1000),
        Said(""),
        Said("said no", start_ms=1400),
        Said("then", heard="them"),
        Said("so", start_ms=900),
    )
    assert words.moments(Line(0, segment, said)) == "0 400 - - 0"
    assert words.moments(Line(0, segment, said[3:4])) == ""
    assert words.moments(Line(0, Segment(None, None, "typed"), said)) == ""


HEARD = Source("f" * 32, 0, 1000)
SEEN = Source("f" * 32)
TYPED = Source(typed_by="f" * 32)


def ms(*moment: int) -> int:
    return round(datetime(*moment, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]  # parts of a date


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (ms(2026, 11, 5, 0, 5), "5 November 2026, 12:05am"),
        (ms(2026, 11, 5, 12, 0), "5 November 2026, 12:00pm"),
        (ms(2026, 11, 5, 17, 5), "5 November 2026, 5:05pm"),
        (ms(2026, 7, 5, 23, 30), "6 July 2026, 12:30am"),  # summer time: an hour on, the next day
    ],
)
def test_times_are_said_in_local_time(moment: int, said: str) -> None:
    assert words.when(moment, "Europe/London") == said
    assert words.short_day(moment, "Europe/London") == said.partition(",")[0]


def test_a_day_is_said_with_its_weekday() -> None:
    assert words.day(date(2026, 11, 5)) == "Thursday 5 November 2026"


@pytest.mark.parametrize(
    ("at", "said"), [(0, "0:00"), (65_999, "1:05"), (3_600_000, "1:00:00"), (3_725_000, "1:02:05")]
)
def test_a_place_in_a_recording_is_said_as_a_clock_does(at: int, said: str) -> None:
    assert words.clock(at) == said


@pytest.mark.parametrize(
    ("origin", "source", "said", "colour"),
    [
        (Origin.MACHINE, HEARD, "From the recording", "recording"),
        (Origin.MACHINE, SEEN, "From a picture", "recording"),
        (Origin.PRACTITIONER, HEARD, "Reworded by the practitioner", "practitioner"),
        (Origin.PRACTITIONER, TYPED, "Written by the practitioner", "practitioner"),
        (Origin.SUPERVISOR, TYPED, "Written by the supervisor", "supervisor"),
        (Origin.YOUNG_PERSON, TYPED, "Written by the young person", "young-person"),
    ],
)
def test_whose_words_they_are_is_said_in_words_and_colour(
    origin: Origin, source: Source, said: str, colour: str
) -> None:
    statement = Statement("s1", "purpose", "x", origin, None, (source,))
    assert words.origin(statement) == (said, colour)


@pytest.mark.parametrize(
    ("before", "after"),
    [("write first", "Write first."), ("Why?", "Why?"), ("done. Go on", "Done. Go on.")],
)
def test_an_error_is_a_whole_sentence(before: str, after: str) -> None:
    assert words.sentence(before) == after


def test_every_state_has_its_words() -> None:
    assert set(words.STATES) == {state.value for state in State}
    waiting = {RECEIVED, AGREEMENT_NEEDED, PROBED, TRANSCRIBED, GATHERING, CHAPTER}
    assert set(words.STAGES) == waiting
