"""What no weight may overrule."""

from datetime import datetime

import pytest

from transcribe.draft import from_script
from transcribe.draft.cast import make_cast
from transcribe.draft.filing import placed
from transcribe.draft.guards import answers, empty, opens, reports_young, tells
from transcribe.draft.labels import Pair
from transcribe.model import Person

PEOPLE = (
    Person("Kwame", "young_person"),
    Person("Dele", "practitioner"),
    Person("Beverley", "supervisor"),
)
AT = datetime(2026, 3, 10, 16, 42)  # noqa: DTZ001 - London time without an offset is the contract


def read(text: str, kind: str = "case_note") -> tuple[Pair, ...]:
    utterances = from_script(text)
    return placed(utterances, kind, make_cast(PEOPLE, (one.text for one in utterances)), AT)


@pytest.mark.parametrize(
    "said",
    [
        "Not safe.",
        "Not well.",
        "Never again.",
        "Left with him.",
        "Made up with the sister.",
        "Lorry driver again.",
        "Bed not slept in.",
        "Phone off.",
        "Leave it with the hospital.",
        "Something is not right there.",
        "Stopping the medication.",
        "Right, that's it, oh and the lock on the back door is broken.",
        "Okay, phone off since Saturday.",
        "Thanks, and there was blood.",
        "Let me think, there was a knife.",
        "Where was the knife?",
        "Is he safe?",
        "Has anyone told Kwame?",
        'Okay, "I hate it".',
    ],
)
def test_what_says_anything_may_not_be_left_out(said: str) -> None:
    ((reading, place),) = read(said)
    assert tells(reading, place)
    assert not empty(reading)


@pytest.mark.parametrize(
    "said",
    [
        "Okay, that's it.",
        "Um, let me think.",
        "Testing, testing.",
        "Mm-hm.",
        "End of note.",
        "Yes.",
    ],
)
def test_what_says_nothing_may_be_left_out(said: str) -> None:
    ((reading, place),) = read(said)
    assert not tells(reading, place)


@pytest.mark.parametrize(
    ("asked", "said", "kept"),
    [
        ("BEVERLEY: Did he hurt you?", "KWAME: No.", True),
        ("BEVERLEY: Is that what happened?", "KWAME: Yeah.", True),
        ("BEVERLEY: Anything else?", "KWAME: No.", False),
        ("BEVERLEY: I see.", "KWAME: Yeah.", False),
        ("KWAME: Did he hurt you?", "KWAME: No.", False),
        ("BEVERLEY: Did he hurt you?", "KWAME: Um.", False),
    ],
)
def test_yes_or_no_to_somebodys_question_is_an_answer(asked: str, said: str, kept: bool) -> None:  # noqa: FBT001 - a column of the table
    (before, _), (reading, _) = read(f"{asked}\n{said}", "supervision")
    assert answers(reading, before) is kept


@pytest.mark.parametrize(
    "said",
    ["Let me just check my diary.", "Is this thing on?", "Sorry, take two, it cut out on me."],
)
def test_an_aside_may_be_left_out_while_it_is_short(said: str) -> None:
    ((reading, place),) = read(said)
    assert not tells(reading, place)
    ((reading, place),) = read(f"{said[:-1]}, and four bags of clothes stood in the hallway.")
    assert tells(reading, place)


def test_a_word_of_leave_may_be_left_out_at_the_end_of_a_long_note_only() -> None:
    told = "He was late.\nHe was tired.\nWe talked.\nI'll ring on Monday.\n"
    reading, place = read(f"{told}Right, lunch.")[-1]
    assert not tells(reading, place)
    reading, place = read(f"Right, lunch.\n{told}")[0]
    assert not tells(reading, place)
    reading, place = read(f"He was early.\nRight, lunch.\n{told}")[1]
    assert tells(reading, place)
    reading, place = read("He was late.\nRight, lunch.")[-1]
    assert tells(reading, place)


@pytest.mark.parametrize(
    "said",
    [
        "Case note for Kwame.",
        "I saw Kwame at school.",
        "It was on Monday the ninth of March.",
        "From four till five.",
        "Mum was there throughout.",
        "Seen alone.",
    ],
)
def test_who_when_and_where_may_stand_at_the_head(said: str) -> None:
    ((reading, place),) = read(said)
    assert opens(reading, place)


@pytest.mark.parametrize(
    "said",
    [
        "Not eating again.",
        "The fridge was empty.",
        "Two men outside in a white van.",
        "I saw Kwame with a knife.",
        "On Monday there was an overdose.",
        "Kwame has been threatened.",
    ],
)
def test_what_is_told_or_is_of_harm_stands_at_no_head(said: str) -> None:
    ((reading, place),) = read(said)
    assert not opens(reading, place)


@pytest.mark.parametrize(
    ("said", "reported"),
    [
        ("He told me about it.", True),
        ("Kwame said no.", True),
        ("Says he is fine.", True),
        ("Denied it.", True),
        ("He kept saying no.", True),
        ("Dad said no.", False),
        ("I told the school.", False),
        ("The door was open.", False),
    ],
)
def test_nothing_is_their_words_before_somebody_gave_them(said: str, reported: bool) -> None:  # noqa: FBT001 - a column of the table
    ((reading, _),) = read(said)
    assert reports_young(reading) is reported
