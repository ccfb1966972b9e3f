from __future__ import annotations

from datetime import date

import pytest

from transcribe.draft.cast import make_cast
from transcribe.draft.checks import Said
from transcribe.draft.llm_gate import BREAKS, FORM, SAME, WORDS, refused
from transcribe.model import Person

PEOPLE = [
    Person("Jordan", "young_person"),
    Person("Amara", "practitioner"),
    Person("Tyrell", "peer"),
    Person("Denise", "parent"),
]
CAST = make_cast(PEOPLE, ())


def why(said: str, text: str) -> str | None:
    return refused(text, Said(said, date(2026, 11, 5), CAST, "Amara"))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            "So we made toast in the kitchen and he laid the table.",
            "We made toast in the kitchen. He laid the table.",
        ),
        (
            "We made toast in the kitchen and he laid the table.",
            "We made toast in the kitchen, and he laid the table.",
        ),
        (
            "Basically, we went to the park, you know, and he played football with Tyrell.",
            "We went to the park and he played football with Tyrell.",
        ),
        ("Right, so, um, he he came down the stairs.", "He came down the stairs."),
        ("I didn't go in at four.", "I did not go in at four."),
        ("We cannot meet on Friday.", "We can't meet on Friday."),
        ("We got there at 4.30pm, anyway.", "We got there at 4.30pm."),
        ("To be honest, Denise paid £20.", "Denise paid £20."),
    ],
)
def test_fillers_go_and_a_run_on_is_cut(said: str, text: str) -> None:
    assert why(said, text) is None


def test_the_same_words_are_told_apart_from_a_wording() -> None:
    assert why("He came at four.", "He came at four.") == SAME


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("He did not go to school.", "He did go to school."),
        ("He went to school.", "He never went to school."),
        ("Tyrell gave Jordan a phone.", "Jordan gave Tyrell a phone."),
        ("Denise gave Jordan a phone.", "Tyrell gave Jordan a phone."),
        ("Denise drove him home.", "Denise drove her home."),
        ("Denise drove him to school.", "Denise drove him from school."),
        ("He takes the bus.", "He took the bus."),
        ("He might come back.", "He came back."),
        ("He might come back.", "He will come back."),
        ("He said the boys were there.", "The boys were there."),
        ("I think the boys were there.", "The boys were there."),
        ("The man was there.", "A man was there."),
        ("Only Denise was there.", "Denise was there."),
        ("He owes 20 pounds.", "He owes 200 pounds."),
        ("He owes 2.50 for the bus.", "He owes 250 for the bus."),
        ("He came at 4.30.", "He came at 4 30."),
        ("He paid £20.", "He paid 20."),
        ("We met on Tuesday.", "We met on Thursday."),
        ("We met at the park.", "We met at the park with Tyrell."),
        ("We met at the park with Tyrell.", "We met at the park."),
        ("He was hurt, sort of.", "He was hurt."),
        ("No no, he was at home.", "No, he was at home."),
        ("I may go with Mark.", "I May go with Mark."),
        ("He left a mark on the wall.", "He left a Mark on the wall."),
        ("You know Tyrell was there.", "Tyrell was there."),
        ("What do I mean by that.", "What do by that."),
        ("Jordan and Tyrell left.", "Jordan Tyrell left."),
        ("We ate and he left.", "We ate he left."),
        ("He was at home and.", "He was at home."),
        ("Right arm and leg were in plaster.", "arm and leg were in plaster."),
        ("So many boys were there.", "many boys were there."),
        ("Well dressed boys were there.", "dressed boys were there."),
        ("", "He was at home."),
        ("He was at home.", ""),
    ],
)
def test_no_word_comes_goes_or_moves(said: str, text: str) -> None:
    assert why(said, text) in {WORDS, BREAKS, FORM}


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Denise hit Jordan and Tyrell ran.", "Denise hit, Jordan and Tyrell ran."),
        ("Denise hit Jordan and Tyrell ran.", "Denise hit. Jordan and Tyrell ran."),
        ("Jordan said Tyrell hit him.", "Jordan, said Tyrell, hit him."),
        ("He swears it was a mate and he was at home.", "He swears it was a mate. He was at home."),
        ("She accused him of it and he ran off home.", "She accused him of it. He ran off home."),
        ("He was at home.", "?! He was at home."),
        ("He was at home.", "He was at home?!."),
        ("He was at home.", "He was at home!"),
        ("He was, as ever, at home.", "He was (as ever) at home."),
        ("He was at home. He ate.", "He was at home! He ate."),
        ("It was at half-term.", "It was at half term."),
        ("The boys' mum was there.", "The boys mum was there."),
        ("He sat down for tea and then he left.", "He sat down for tea and. Then he left."),
        ("Denise and he hit Jordan.", "Denise. He hit Jordan."),
        (
            "Mum told me he was out late and he was drunk.",
            "Mum told me he was out late. He was drunk.",
        ),
        ("If he goes out again and he is seen.", "If he goes out again. He is seen."),
        ("He did not eat his tea and he slept.", "He did not eat his tea. He slept."),
        ("He might be there and he might not.", "He might be there. He might not."),
        ("He was at the park with her?", "He was at the park with her."),
        ("He was at the park with her.", "He was at the park with her?"),
        ("He was there? He was home.", "He was there. He was home."),
        ("When he left, Denise ate.", "When he left Denise ate."),
        ("When he left, Denise ate.", "When he left. Denise ate."),
        ("We ate. He left.", "We ate, he left."),
    ],
)
def test_no_break_turns_a_sentence_round(said: str, text: str) -> None:
    assert why(said, text) == BREAKS


@pytest.mark.parametrize(
    "text",
    [
        'He was "at home".',
        "He was <b>at home.",
        "He was at home \u0436.",  # a letter of another alphabet
        "He was n\u00f8t at home.",
        "He was at home.\u202e",
        "He was at home\u2026",
        "He was at home\n.",
        "He was at home {x}.",
        "He was at home. \U0001f600",
    ],
)
def test_a_wording_is_plain_text(text: str) -> None:
    assert why("He was at home.", text) == FORM
