"""Which names of a clip were put in by the hints, by what is heard there without any."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from transcribe.doubts import DOUBTED
from transcribe.draft.checks.harm import found
from transcribe.draft.taken import TAKEN, name_checks
from transcribe.model import Word
from transcribe.names import Likely, written
from transcribe.unaided import put_in

NAMES = ("Siobhan", "Carl", "Auntie Bisi", "Mr Rahmani")


def said(text: str, probability: float = 0.1) -> list[Word]:
    return [
        Word(at * 100, at * 100 + 90, word, probability) for at, word in enumerate(text.split())
    ]


def marked(words: Sequence[Word], *hearings: str) -> list[Word]:
    """The words, where the model hears `hearings` without hints, the last one ever after."""
    left = list(hearings)

    def hear(_: Sequence[Word], __: int, ___: int) -> str:
        return left.pop(0) if len(left) > 1 else left[0]

    return written(words, list(put_in(words, NAMES, (), hear)))


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("Siobhan", " Shivon about the money."),
        ("Siobhan", " Shiv on. She said"),
        ("Siobhan's", " Shivon's mum said"),
        ("Bisi,", " B.C. told him to go home."),  # in letters
        ("Rahmani", ". Romani, Miss Fenwick"),  # after the full stop of "Mr."
        ("Carl", " to Karl, if he"),  # not quite at the beginning
    ],
)
def test_a_name_that_sounds_like_what_is_heard_without_hints_stays(name: str, heard: str) -> None:
    words = said(f"I saw {name} today")
    assert marked(words, heard) == words


def test_another_word_stands_beside_the_name_that_it_is_not_like() -> None:
    words = said("I told Siobhan today")
    *_, name, last = marked(words, " everyone. Where do I start?")
    assert (name.text, name.heard, name.probability) == ("Siobhan", "everyone", 0.1)
    assert last == words[-1]


def test_the_reader_is_told_and_one_click_writes_what_was_heard() -> None:
    words = marked(said("She said he Carl him"), " killed him.")
    (check,) = name_checks([word for word in words if word.heard], "She said he Carl him")
    assert (check.code, check.instead) == (TAKEN, "She said he killed him")
    assert found(words[3].heard or "")  # so that approving asks for harm as well


def test_a_second_hearing_with_fewer_words_before_may_tell_it_is_the_name() -> None:
    words = said("I saw Siobhan today")
    assert marked(words, " see how you", " Shivon today") == words


def test_a_name_where_no_word_is_heard_at_all_is_doubted() -> None:
    name = marked(said("I saw Siobhan today"), " ...")[2]
    assert (name.text, name.heard, name.probability) == ("Siobhan", None, DOUBTED)


def test_only_names_that_were_hardly_heard_are_asked_about_and_not_all_of_many() -> None:
    asked = []

    def hear(_: Sequence[Word], place: int, __: int) -> str:
        asked.append(place)
        return " Shivon"

    assert list(put_in(said("I saw Siobhan today", 0.3), NAMES, (), hear)) == []
    assert asked == []
    likely = Likely(2, 3, "Carl", sure=False)
    assert list(put_in(said("I saw Siobhan today"), NAMES, (likely,), hear)) == []
    assert asked == []
    assert list(put_in(said("Siobhan and " * 30), NAMES, (), hear)) == []
    assert asked == list(range(0, 24, 2))
