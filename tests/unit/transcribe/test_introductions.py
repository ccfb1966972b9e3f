"""Whose a voice is, in talk of people who are in no other case."""

from __future__ import annotations

import pytest

from transcribe.introductions import introduced
from transcribe.model import Person, Segment, Transcript

PEOPLE = (
    Person("Margaret Obi", "supervisor"),
    Person("Tomasz", "practitioner"),
    Person("Jaydon", "young_person"),
)
BOTH = {"Speaker 1": "Margaret Obi", "Speaker 2": "Tomasz"}


def said(*lines: str) -> Transcript:
    """Lines that begin with the number of their speaker."""
    segments = (
        Segment(1000 * n, 1000 * n + 900, line[2:], f"Speaker {line[0]}")
        for n, line in enumerate(lines)
    )
    return Transcript("model", "", "en", {}, 60_000, tuple(segments))


@pytest.mark.parametrize(
    "lines",
    [
        ("1 Supervision with Tomasz, fourth of March.", "2 Morning."),
        ("1 My name is Margaret.", "2 And we are in the office."),
        ("1 How are you, Tomasz?", "2 Not so bad."),
        ("1 So, what is next?", "2 Nothing, thanks. Bye.", "1 Thanks, Tom. See you."),
        ("1 Shall we start?", "2 Thanks, Margaret."),
        ("1 Tomasz, where are we with the plan?", "2 I wrote it."),
        ("2 It's Tomasz and we are recording.", "1 Right."),
    ],
)
def test_names_follow_from_what_is_said(lines: tuple[str, ...]) -> None:
    assert introduced(said(*lines), PEOPLE) == BOTH


@pytest.mark.parametrize(
    "lines",
    [
        ("1 How have you been?", "2 Tired, honestly."),
        ("1 I saw Jaydon on Monday.", "2 How was Jaydon?"),
        ("1 Tomasz wrote it.", "2 No, Tomasz did not."),
    ],
)
def test_where_nothing_tells_nobody_is_named(lines: tuple[str, ...]) -> None:
    assert introduced(said(*lines), PEOPLE) == {}


def test_a_voice_more_than_there_are_names_stays_without_one() -> None:
    heard = said("1 I'm Margaret, welcome.", "2 Hello.", "3 It's Tomasz here.")
    assert introduced(heard, PEOPLE) == {"Speaker 1": "Margaret Obi", "Speaker 3": "Tomasz"}


def test_one_voice_is_nobody_unless_it_says_so() -> None:
    alone = (Person("Tomasz", "practitioner"),)
    assert introduced(said("1 We met at the library."), alone) == {}
    assert introduced(said("1 My name's Tomasz."), alone) == {"Speaker 1": "Tomasz"}


def test_a_young_person_is_never_taken_for_staff() -> None:
    assert introduced(said("1 My name is Jaydon.", "2 Hi Jaydon."), PEOPLE) == {}


def test_a_dictation_without_labels_names_nobody() -> None:
    heard = Transcript("model", "", "en", {}, 1, (Segment(0, 1, "My name is Tomasz."),))
    assert introduced(heard, PEOPLE) == {}
