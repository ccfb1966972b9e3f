"""Machine's and people's words stay apart, whoever puts what right how often."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.corrected import Correction, changes, corrected, said, stands_on, text_of
from transcribe.model import Origin, Segment, Source, Statement, Transcript, Word

HEARD = "Jordan met Tyrel at the park."


def segment(text: str = HEARD, start: int = 0, unsure: str = "Tyrel") -> Segment:
    words = tuple(
        Word(start + 100 * n, start + 100 * n + 90, f" {word}", 0.2 if word == unsure else 0.9)
        for n, word in enumerate(text.split())
    )
    return Segment(start, start + 100 * len(words), text, words=words)


def transcript(*segments: Segment) -> Transcript:
    return Transcript("base", "0" * 64, "en", {}, 10_000, segments)


def statement(text: str, start: int = 0, end: int = 600) -> Statement:
    return Statement("s1", "what_happened", text, Origin.MACHINE, None, (Source("r1", start, end),))


def test_a_word_put_right_keeps_the_machines_word_and_who_and_when() -> None:
    right = Correction(0, HEARD.replace("Tyrel", "Tyrell"), "amara", 5)
    found = said(segment(), 0, [right])
    (word,) = [each for each in found if each.heard is not None]
    assert (word.text, word.heard, word.by, word.at) == ("Tyrell", "Tyrel", "amara", 5)
    assert (word.start_ms, word.end_ms) == (200, 290)
    assert [each.text for each in found if each.heard is None] == "Jordan met at the park.".split()


def test_words_that_the_machine_was_not_sure_of_are_known() -> None:
    assert [each.text for each in said(segment(), 0, []) if each.unsure] == ["Tyrel"]


def test_whoever_changes_another_word_later_is_not_taken_for_the_first() -> None:
    first = Correction(0, "Jordan met Tyrell at the park.", "amara", 5)
    second = Correction(0, "Jordan met Tyrell near the park.", "ruth", 9)
    found = {each.text: each for each in said(segment(), 0, [first, second])}
    assert (found["Tyrell"].by, found["near"].by) == ("amara", "ruth")
    assert (found["Tyrell"].heard, found["near"].heard) == ("Tyrel", "at")


def test_the_machines_word_survives_being_put_right_twice() -> None:
    found = said(
        segment(),
        0,
        [
            Correction(0, "Jordan met Darrell at the park.", "amara", 5),
            Correction(0, "Jordan met Tyrell at the park.", "ruth", 9),
        ],
    )
    (word,) = [each for each in found if each.heard is not None]
    assert (word.text, word.heard, word.by, word.at) == ("Tyrell", "Tyrel", "ruth", 9)


def test_what_is_put_back_is_the_machines_again() -> None:
    found = said(
        segment(), 0, [Correction(0, "Jordan met.", "amara", 5), Correction(0, HEARD, "amara", 6)]
    )
    assert found == said(segment(), 0, [])


def test_words_taken_out_leave_a_trace_and_no_text() -> None:
    found = said(segment(), 0, [Correction(0, "Jordan met Tyrel.", "amara", 5)])
    assert text_of(found) == "Jordan met Tyrel."
    assert [each.heard for each in found if each.heard is not None] == ["Tyrel at the park."]


def test_only_the_segment_that_was_put_right_changes() -> None:
    whole = transcript(segment(), segment("He left.", 1000))
    after = corrected(whole, [Correction(1, "He never left.", "amara", 5)])
    assert after.segments[0] is whole.segments[0]
    assert after.segments[1].text == "He never left."
    assert [word.text for word in after.segments[1].words] == [" He", " never", " left."]
    assert whole.segments[1].text == "He left."


@pytest.mark.parametrize(
    ("stated", "right", "flagged"),
    [
        ("Jordan met Tyrel at the park.", "Jordan met Tyrell at the park.", True),
        ("Jordan met Tyrell at the park.", "Jordan met Tyrell at the park.", False),
        ("They met at the park.", "Jordan met Tyrell at the park.", False),
        ("Jordan met Tyrel at the park.", "Jordan never met Tyrel at the park.", True),
        ("Jordan never met Tyrel at the park.", "Jordan never met Tyrel at the park.", False),
        ("Jordan met Tyrel at the park.", "Jordan met Tyrel, at the park.", False),
        ("Jordan met Tyrel at the park.", "Jordan met Tyrel at the.", True),
        ("Met Tyrel, he said.", "Jordan met Tyrell at the park.", True),
    ],
)
def test_a_statement_on_old_words_is_found(stated: str, right: str, *, flagged: bool) -> None:
    found = changes(transcript(segment()), [Correction(0, right, "amara", 5)])
    assert (stands_on(statement(stated), "r1", found) is not None) is flagged


def test_a_statement_on_other_words_is_left_alone() -> None:
    found = changes(transcript(segment()), [Correction(0, "Jordan met Tyrell at the park.")])
    assert stands_on(statement(HEARD, 5000, 6000), "r1", found) is None
    assert stands_on(statement(HEARD), "r2", found) is None


WORDS = st.lists(st.sampled_from("he was not there on Monday with Tyrell".split()), max_size=8)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=4))
def test_every_word_is_somebodys_and_the_newest_text_stands(
    heard: list[str], turns: list[list[str]]
) -> None:
    one = segment(" ".join(heard))
    made = [Correction(0, " ".join(text), f"p{n}", n) for n, text in enumerate(turns)]
    found = said(one, 0, made)
    assert text_of(found) == " ".join(turns[-1])
    machine = " ".join(each.text if each.heard is None else each.heard for each in found)
    assert machine.split() == heard
    assert all(bool(each.by) == (each.heard is not None) for each in found)
    after = corrected(transcript(one), made).segments[0]
    assert after.text == " ".join(turns[-1])
    times = [word.start_ms for word in after.words]
    assert times == sorted(times)


def test_a_name_that_was_taken_for_another_word_says_so_until_a_person_writes_it() -> None:
    words = (Word(0, 90, " Siobhan", 0.9, heard="Shivon"), Word(100, 190, " came.", 0.9))
    one = Segment(0, 200, "Siobhan came.", words=words)
    assert [each.taken_for for each in said(one, 0, [])] == ["Shivon", None]
    kept = corrected(transcript(one), [Correction(0, "Siobhan left.", "amara")]).segments[0]
    assert [(each.text, each.heard) for each in kept.words] == [
        (" Siobhan", "Shivon"),
        (" left.", None),
    ]
    other = Correction(0, "Sharon came.", "amara")
    assert [each.taken_for for each in said(one, 0, [other])] == [None, None]
