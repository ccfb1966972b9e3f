"""What a recording says within a stretch of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.draft.checks.spans import Heard, Stretches
from transcribe.model import Segment, Transcript, Word

TIMES = st.integers(0, 60)


def transcript(*segments: Segment) -> Transcript:
    return Transcript("typed", "0" * 64, "en", {}, 60_000, segments)


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    start, end = sorted(draw(st.tuples(TIMES, TIMES)))
    words = tuple(
        Word(min(at), max(at), f" w{number}", 0.5)
        for number, at in enumerate(draw(st.lists(st.tuples(TIMES, TIMES), max_size=4)))
    )
    return Segment(start, end, "typed", "A", words=words)


@given(st.lists(segments(), max_size=8), TIMES, TIMES)
def test_every_word_whose_middle_lies_within_is_found_and_no_other(
    spoken: list[Segment], start: int, end: int
) -> None:
    pieces = [
        (one.start_ms, one.end_ms, one.text.strip())
        for each in spoken
        for one in (each.words or (each,))
    ]
    wanted = [text for a, b, text in pieces if start <= ((a or 0) + (b or 0)) / 2 <= end]
    assert Stretches(transcript(*spoken)).within(start, end).text.split() == wanted


def test_how_well_it_was_heard_is_the_mean_of_its_words() -> None:
    words = (Word(0, 10, " a", 0.2), Word(10, 20, " b", 0.4), Word(90, 99, " c", 1.0))
    heard = Stretches(transcript(Segment(0, 99, "a b c", None, words=words))).within(0, 50)
    assert heard.text == "a b"
    assert heard.probability == pytest.approx(0.3)


def test_a_transcript_without_words_says_nothing() -> None:
    assert Stretches(transcript()).within(0, 100) == Heard("", None)
