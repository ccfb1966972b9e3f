"""British spelling, and what is left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.spelling import british


def written(text: str, keep: tuple[str, ...] = ()) -> str:
    return " ".join(british(text.split(), keep))


@pytest.mark.parametrize(
    ("american", "here"),
    [
        ("His behavior was recognized.", "His behaviour was recognised."),
        ("Organizing counseling at the center,", "Organising counselling at the centre,"),
        ("Mom's neighbor apologized", "Mum's neighbour apologised"),
        ("He was practicing in pajamas.", "He was practising in pyjamas."),
        ("He lost his driving license.", "He lost his driving licence."),
        ("a parenting program", "a parenting programme"),
        ("MOM", "MUM"),
        ("multi-colored, re-organized", "multi-coloured, re-organised"),
        ("no flavor", "no flavour"),
        ("“Color” (favorite)", "“Colour” (favourite)"),
    ],
)
def test_american_spelling_becomes_british(american: str, here: str) -> None:
    assert written(american) == here


@pytest.mark.parametrize(
    "text",
    [
        "The size of the prize was seized at half past four on 18 March, £400.",
        "We met at Center Parcs.",  # a name spells itself
        "Mr Gray drove",
        "the parking meter and the tire",  # two meanings in British spelling
        "a computer program",
        "the bank wants a check",
        "He needs to license it.",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert written(text) == text


def test_words_of_the_case_are_never_touched() -> None:
    assert written("Honor said mom is fine", keep=("Honor", "Mom")) == "Honor said mom is fine"
    assert written("Honor matters") == "Honour matters"


@given(st.lists(st.text(max_size=12), max_size=20))
def test_no_word_is_lost_and_british_words_stay(words: list[str]) -> None:
    once = british(words)
    assert len(once) == len(words)
    assert british(once) == once


def test_a_name_with_a_hyphen_is_kept_whole() -> None:
    assert written("Mary-Honor came.", ("Mary-Honor",)) == "Mary-Honor came."
