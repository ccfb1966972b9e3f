"""What no weight may overrule."""

from datetime import datetime

import pytest

from transcribe.draft import from_script
from transcribe.draft.cast import make_cast
from transcribe.draft.filing import placed
from transcribe.draft.guards import (
    answers,
    empty,
    lies_ahead,
    only_tells,
    opens,
    reports_young,
    says_when,
    says_where,
    says_with_whom,
    tells,
    told_by_another,
)
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
        "I'll do this referral tonight.",
        "I'm going to move placement.",
        "I'm going home to my dad's.",
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


@pytest.mark.parametrize(
    "said",
    [
        "I saw Kwame at the hostel in Mitcham at four.",
        "We met in the office at half three.",
        "I went to the flat today at half three.",
        "He came to the office at eleven this morning.",
        "I've just come off the phone to Kwame, it's quarter to seven.",
        "We had a video call at four.",
        "I visited him in hospital at eleven on Monday.",
    ],
)
def test_when_and_where_are_told_by_how_a_contact_is_told(said: str) -> None:
    ((reading, place),) = read(said)
    assert says_when(reading, place)


@pytest.mark.parametrize(
    "said",
    [
        "I saw him at four to talk about the knife.",
        "I met him at four and he told me he's been missing.",
        "He rang me at nine and said he was fine.",
        "I saw Kwame at four with a stab wound.",
        "I saw Kwame.",
        "I'll see him at four.",
    ],
)
def test_a_reason_an_account_or_harm_is_more_than_when(said: str) -> None:
    ((reading, place),) = read(said)
    assert not says_when(reading, place)


@pytest.mark.parametrize(
    ("said", "only"),
    [
        ("We walked round Tooting Common.", True),
        ("It was at the library.", True),
        ("We were in the kitchen when he told me.", False),
        ("It was in his bag.", False),
        ("He walked round Tooting Common.", False),
    ],
)
def test_where_is_where(said: str, only: bool) -> None:  # noqa: FBT001 - a column of the table
    ((reading, place),) = read(said)
    assert says_where(reading, place) is only


def test_what_a_recording_begins_with_is_no_task() -> None:
    first, *_ = read("Right arm, I'm doing this in the car.\nHe was late.\nHe ate.\nHe left.")
    assert only_tells(*first)


def test_in_supervision_visits_are_told_and_not_made() -> None:
    ((reading, place),) = read("I saw Kwame at school at four.", "supervision")
    assert not says_when(reading, place)


@pytest.mark.parametrize(
    ("said", "only"),
    [
        ("Just me and Kwame.", True),
        ("It was only me and Kwame.", True),
        ("With Kwame.", True),
        ("With a knife.", False),
    ],
)
def test_company_is_who_was_there(said: str, only: bool) -> None:  # noqa: FBT001 - a column of the table
    ((reading, place),) = read(said)
    assert says_with_whom(reading, place) is only


@pytest.mark.parametrize(
    ("said", "ahead"),
    [
        ("Dele said she'd ring the school by Monday.", True),
        ("I've asked Dele to send the report by Friday.", True),
        ("Chase the housing officer.", True),
        ("Two, email the school.", True),
        ("He said he'd been there until Friday.", False),
        ("He rang me on Monday.", False),
        ("Email from the school.", False),
        ("He'll be fine.", False),
    ],
)
def test_what_lies_ahead_did_not_happen(said: str, ahead: bool) -> None:  # noqa: FBT001 - a column of the table
    ((reading, place),) = read(said)
    assert lies_ahead(reading, place) is ahead


@pytest.mark.parametrize(
    ("said", "only"),
    [
        ("He goes to college on Mondays.", True),
        ("His uncle said, I can't do this any more.", True),
        ("He wrote on the card, sorry for being late.", True),
        ("He agreed to ring me.", False),
        ("Liaise with Dele about the exit plan.", False),
    ],
)
def test_what_somebody_did_is_no_task(said: str, only: bool) -> None:  # noqa: FBT001 - a column of the table
    ((reading, place),) = read(said)
    assert only_tells(reading, place) is only


@pytest.mark.parametrize(
    ("said", "another"),
    [
        ("Her key worker thinks she's still seeing him.", True),
        ("Dad said he was out.", True),
        ("Dad said Kwame told him he was out.", False),
        ("He thinks his dad said so.", False),
    ],
)
def test_what_somebody_else_thinks_is_not_their_words(said: str, another: bool) -> None:  # noqa: FBT001 - a column of the table
    ((reading, _),) = read(said)
    assert told_by_another(reading) is another
