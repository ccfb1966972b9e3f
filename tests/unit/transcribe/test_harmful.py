"""Words for serious harm that were misheard are asked about, and never written."""

from __future__ import annotations

import pytest

from transcribe.draft import from_transcript
from transcribe.draft.taken import HARM, name_checks
from transcribe.harmful import harmful
from transcribe.mending import mended
from transcribe.model import Person, Segment, Transcript, Word

PEOPLE = (Person("Shanice", "young_person"),)


def word(text: str, probability: float = 0.9) -> Word:
    return Word(0, 90, text, probability)


@pytest.mark.parametrize(
    ("heard", "probability", "term"),
    [
        ("Self-Home", 0.9, "self harm"),
        ("self-hum,", 0.9, "self harm"),
        ("sewicide.", 0.9, "suicide"),
        ("pregnent", 0.9, "pregnant"),
        ("canabis", 0.9, "cannabis"),
        ("mashetty", 0.9, "machete"),
        ("strangold", 0.4, "strangled"),  # further off, and hardly heard
        ("strangold", 0.9, None),
        ("overdone", 0.4, "overdose"),  # what people say, if it was hardly heard
        ("suicide", 0.1, None),  # is one: how it was heard is told of the sentence
        ("rashes", 0.9, None),
        ("Auntie", 0.1, None),
        ("Tuesday", 0.1, None),
        ("Shanice", 0.1, None),  # is somebody here
        ("47", 0.1, None),
    ],
)
def test_what_sounds_like_a_word_for_harm_is_asked_about(
    heard: str, probability: float, term: str | None
) -> None:
    found = list(harmful([word("He"), word(heard, probability)], frozenset({"shanice"})))
    assert found == ([] if term is None else [(1, term)])


def test_the_reader_is_told_and_no_word_is_changed() -> None:
    words = tuple(word(each) for each in "Shanice talked about Self-Home again.".split())
    text = " ".join(each.text for each in words)
    heard = Transcript("t", "", "en", {}, 500, (Segment(0, 500, text, None, 0.9, words),))
    made = mended(heard, PEOPLE, ("MASH",), str.islower)
    assert made.segments[0].text == text
    (one,) = from_transcript("r", made, None)
    (check,) = name_checks(one.names, one.text)
    assert (check.code, check.level) == (HARM, "look")
    assert check.message == (
        "“Self-Home” was heard, and is unclear. It may be “self harm”. Listen, and change it if it is wrong."
    )
    assert check.instead == "Shanice talked about self harm again."


def test_a_word_for_harm_is_never_doubted_into_another() -> None:
    words = tuple(word(each, 0.01) for each in "He had a knife and an overdose.".split())
    heard = Transcript("t", "", "en", {}, 500, (Segment(0, 500, "", None, 0.9, words),))
    made = mended(heard, PEOPLE, (), str.islower)
    assert [each.text for each in made.segments[0].words] == [each.text for each in words]
