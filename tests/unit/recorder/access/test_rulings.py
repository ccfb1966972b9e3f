"""What goes is gone to the letter and the millisecond, and what stays is as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.access.model import Entry, Line, Span
from recorder.access.rulings import REMOVED, Rulings, carried_out, label_key, silent
from recorder.access.speaking import of_transcript
from store.redactions import RULED, WORDS, Ruled, Ruling
from transcribe.model import Segment, Transcript, Word

_TEXT = st.text(st.sampled_from("ab é👩🏽\u200d👧\u0301שלם.'\n[]"), min_size=1, max_size=40)
_AROUND = 150


@st.composite
def _decided(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    """A text, and places in it that may touch and overlap, each decided."""
    text = draw(_TEXT)
    edges = st.integers(0, len(text))
    places = draw(st.lists(st.tuples(edges, edges, st.booleans()), max_size=6))
    spans = [Span(min(a, b), max(a, b), "name", goes) for a, b, goes in places if a != b]
    return text, tuple(sorted(spans, key=lambda each: each.start))


@given(_decided(), _decided())
def test_of_what_goes_no_letter_is_left_and_of_what_stays_none_is_lost(
    words: tuple[str, tuple[Span, ...]], label: tuple[str, tuple[Span, ...]]
) -> None:
    line = Line(label[0], words[0], words[1], label[1], "Said", "key", "recording")
    (left,) = carried_out(Entry(1, "Note", (line,))).lines
    assert left == Line(_by_letter(*label), _by_letter(*words), heading="Said")


def _by_letter(text: str, spans: tuple[Span, ...]) -> str:
    """Letter by letter, as somebody with a black pen would."""
    made, struck = "", False
    for at, letter in enumerate(text):
        goes = any(span.goes and span.start <= at < span.end for span in spans)
        made += "" if goes and struck else REMOVED if goes else letter
        struck = goes
    return made


@given(st.lists(st.sampled_from(["Kofi", "a", "👩🏽", "o'clock,"]), min_size=1), st.data())
def test_the_sound_of_each_word_that_goes_goes_and_of_no_other(
    said: list[str], data: st.DataObject
) -> None:
    words = tuple(Word(1000 * n, 1000 * n + 600, f" {w}", 0.9) for n, w in enumerate(said))
    text = "".join(word.text for word in words).strip()
    edges = data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))))
    span = Span(min(edges), max(edges), "name", goes=True)
    line = Line("", text, (span,), recording="r", words=words)
    heard, at = silent(Entry(1, "Sound", (line,))), 0
    for word in words:
        start = at
        at += len(word.text.strip()) + 1  # and the space after it
        inside = start < span.end and at - 1 > span.start
        quiet = any(a <= word.start_ms and word.end_ms <= b for a, b in heard)
        assert quiet or not inside
    assert all(a + _AROUND >= 0 and b <= words[-1].end_ms + _AROUND for a, b in heard)
    touched = sum(a <= each.start_ms + 300 <= b for each in words for a, b in heard)
    assert touched <= len(text[span.start : span.end].split()) + 2


def test_where_words_and_times_do_not_fit_together_all_of_it_is_silent() -> None:
    words = (Word(1000, 1400, " Coffee", 0.9), Word(1500, 1900, " waited.", 0.9))
    line = Line("", "Kofi waited.", (Span(0, 4, "name", goes=True),), words=words)
    assert silent(Entry(1, "Sound", (line,))) == [(850, 2050)]


def test_a_stretch_whose_words_have_no_times_of_their_own_is_silent_as_a_whole() -> None:
    segment = Segment(2000, 5000, "Kofi waited outside.")
    heard = Transcript("base", "0" * 64, "en", {}, 9000, (segment,))
    line = list(of_transcript(heard, heard, "r"))[-1]
    marked = replace(line, spans=(Span(0, 4, "name", goes=True),))
    assert silent(Entry(1, "Sound", (marked,))) == [(1850, 5150)]


def test_what_was_typed_has_no_sound() -> None:
    heard = Transcript("", "", "en", {}, 0, (Segment(None, None, "Kofi waited."),))
    line = list(of_transcript(heard, heard, "r"))[-1]
    assert silent(Entry(1, "Note", (replace(line, spans=(Span(0, 4, "name", goes=True),)),))) == []


@pytest.mark.parametrize("goes", [True, False])
def test_the_newest_decision_on_a_place_counts_and_one_elsewhere_does_not(*, goes: bool) -> None:
    def ruled(number: int, where: str, *, going: bool) -> Ruled:
        ruling = Ruling(WORDS, where, (0, 4), going, "asked")
        return Ruled("case", number, RULED, "dora", number, (ruling,))

    line = Line("Kofi", "Kofi waited.", (Span(0, 4, "name"),), (Span(0, 4, "name"),), key="k")
    rulings = Rulings.from_entries(
        [
            ruled(1, "k", going=not goes),
            ruled(2, "other", going=not goes),
            ruled(3, "k", going=goes),
        ]
    )
    entry = rulings.over(Entry(1, "Note", (line,)))
    assert [each.goes for each in entry.lines[0].spans] == [goes]
    assert entry.undecided == 1, "the label was not decided of"
    both = Rulings.from_entries([ruled(1, "k", going=goes), ruled(2, label_key(line), going=goes)])
    assert both.over(entry).undecided == 0
