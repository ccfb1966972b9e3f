"""What a speech model is asked about names, and what its answers are taken for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.guarded import guarded
from transcribe.harmful import hidden
from transcribe.model import Word
from transcribe.names import Likely
from transcribe.weighing import Known, Rival, decided, likely, rivals

NAMES = ("Jahmal", "Zeynep", "Mehmet", "Auntie Bisi")
COMMON = frozenset("i saw wait at the with and be seen Wait Emma on today".split())


KNOWN = Known(COMMON.__contains__, frozenset(("akim", "trap")))


def words(text: str, *unsure: str) -> list[Word]:
    """One a tenth of a second, sure but for `unsure`."""
    return [
        Word(at * 100, at * 100 + 90, word, 0.3 if word.strip(".,") in unsure else 0.95)
        for at, word in enumerate(text.split())
    ]


def decide(said: Sequence[Word], *answers: tuple[int, int, str, float]) -> tuple[Likely, ...]:
    asked = [Rival(start, end, name, 0.2) for start, end, name, _ in answers]
    return decided(said, asked, [margin for *_, margin in answers], KNOWN)


def test_what_sounds_like_a_name_is_asked_about() -> None:
    one, *_ = rivals(words("I saw Yamal today", "Yamal"), NAMES)
    assert (one.start, one.end, one.name, one.names) == (2, 3, "Jahmal", False)


@pytest.mark.parametrize(
    "text",
    [
        "I saw Table today",  # sounds like nobody
        "I saw Jahmal today",  # is somebody
        "I saw Auntie today",  # what many are called
        "I saw Ja, mall today",  # no name has a comma in it
    ],
)
def test_nothing_is_asked_where_no_name_may_be(text: str) -> None:
    assert rivals(words(text, "Table", "Ja", "Auntie"), ("Jahmal", "Auntie Bisi")) == ()


def test_nothing_is_asked_about_what_the_model_is_sure_of() -> None:
    assert rivals(words("I saw Yamal today"), NAMES) == ()


def test_a_name_is_asked_about_when_another_of_the_case_sounds_somewhat_like_it() -> None:
    (one,) = rivals(words("I saw Mehmet today", "Mehmet"), ("Zeynep", "Mehmet", "Oluwaseun"))
    assert (one.start, one.end, one.name, one.names) == (2, 3, "Zeynep", True)


def test_the_same_words_are_asked_about_once_at_first() -> None:
    asked = rivals(words("Yamal and Yamal", "Yamal"), NAMES)
    assert {one.start for one in asked} == {0}


def test_what_may_be_harm_that_was_hardly_heard_is_asked_about_as_that_and_is_no_name() -> None:
    sure, hardly = words("that he called him"), words("that he called him", "called")
    assert hidden(hardly[2])  # "killed"
    assert not hidden(sure[2])
    assert [one for one in rivals(hardly, ("Carl", "Calla")) if one.start <= 2 < one.end] == []
    (found,) = decide(hardly, (2, 3, "Calla", 9.0))
    assert not found.sure


def test_nor_is_it_where_the_same_word_was_heard_better_before() -> None:
    said = words("he called Sam and called me", "called")
    said[1] = replace(said[1], probability=0.7)
    asked: list[int] = []

    def weigh(_: Sequence[Word], ones: Sequence[Rival]) -> Sequence[float]:
        asked.extend(one.start for one in ones)
        return [9.0] * len(ones)

    likely(said, ("Calla",), weigh, KNOWN)
    assert 1 in asked
    assert 4 not in asked


def test_a_term_that_is_expected_is_never_written_over() -> None:
    heard = words("i saw akim today", "akim")
    (found,) = decide(heard, (2, 3, "Hakim", 9.0))
    assert not found.sure


def test_there_is_an_end_to_asking() -> None:
    text = " ".join(f"Yam{letter}l" for letter in "abcdefghijklmnopqrstuvwxyz")
    assert len(rivals(words(text, *text.split()), NAMES)) == 12


@pytest.mark.parametrize(
    ("text", "margin", "expected"),
    [
        ("Yamal", -6.4, "taken"),  # nobody writes that
        ("Yamal", -8.9, "asked about"),
        ("Yamal", -9.1, "left"),
        ("Wait", 9.0, "asked about"),  # it may be somebody
        ("Wait", -5.9, "asked about"),
        ("Wait", -6.1, "left"),
    ],
)
def test_a_word_is_taken_for_a_name_or_asked_about_or_left(
    text: str, margin: float, expected: str
) -> None:
    found = decide(words(f"I saw {text}"), (2, 3, "Jahmal", margin))
    assert [(one.name, one.sure) for one in found] == (
        [] if expected == "left" else [("Jahmal", expected == "taken")]
    )


def test_several_words_that_nobody_writes_are_taken_for_a_name_with_an_article_before_them() -> (
    None
):
    assert decide(words("with a yamal today"), (1, 3, "Jahmal", -3.9)) == (
        Likely(1, 3, "Jahmal", sure=True),
    )
    assert decide(words("with a yamal today"), (1, 3, "Jahmal", -4.1)) == ()


@pytest.mark.parametrize(
    ("margin", "unsure", "expected"),
    [
        (0.1, ("be", "seen"), [True]),
        (-0.1, ("be", "seen"), [False]),  # less probable than what people write
        (9.0, ("be",), [False]),  # the model was sure of "seen"
        (-4.1, ("be", "seen"), []),
    ],
)
def test_words_that_people_write_are_taken_for_a_likelier_name_where_each_was_hardly_heard(
    margin: float, unsure: tuple[str, ...], expected: list[bool]
) -> None:
    found = decide(words("with be seen today", *unsure), (1, 3, "Bisi", margin))
    assert [one.sure for one in found] == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("he had a knife on him", "Niva"),
        ("he wanted to kill him", "Kit"),
        ("he wanted to die then", "Dai"),  # harm by the words around it
        ("never touched her", "Neve"),
        ("he dinna touch her", "Dina"),
        ("he cannae come in", "Kenny"),
        ("nowt came of it", "Noah"),
        ("they couldnt come in", "Coulton"),
        ("she can't come in", "Kate"),
        ("she can’t come in", "Kate"),
        ("he was not in then", "Noreen"),
        ("refused to come in", "Reff"),
        ("it was on Monday then", "Mandi"),
        ("in May then with", "Mae"),
        ("he took 40 of them", "Forti"),
        ("he took four of them", "Faure"),
        ("on the third of them", "Thurd"),
        ("mum's at home now", "Mim"),
        ("dad came in then", "Dido"),
        ("daughters came in then", "Dorta"),
        ("somebody came in then", "Sam"),
        ("tomorrow at home then", "Tamara"),
    ],
)
def test_what_a_record_must_not_lose_is_never_written_over(text: str, name: str) -> None:
    """However probable a name is, and however badly the words were heard."""
    said = words(text, *text.split())
    for start in range(len(said)):
        for end in range(start + 1, min(start + 3, len(said)) + 1):
            margin = 20.0 if guarded(text.split(), start, end) else -20.0
            for one in decide(said, (start, end, name, margin)):
                assert not one.sure
    assert any(guarded(text.split(), at, at + 1) for at in range(len(said)))


@pytest.mark.parametrize("name", ["Thomas", "Sarah", "Wayne", "Drake"])
def test_somebody_elses_name_is_never_written_over(name: str) -> None:
    """Not even if the model was not sure of it: it may be another person."""
    said = words(f"I saw {name} today", name)
    assert decide(said, (2, 3, "Tomasz", 20.0)) == (Likely(2, 3, "Tomasz", sure=False),)


def test_what_sounds_nearly_like_harm_is_no_question_of_a_name() -> None:
    """It is asked about as that, and one word is asked about once."""
    assert rivals(words("he had a mashetty there", "mashetty"), ("Mashette",)) == ()


def test_a_question_about_more_words_does_not_hide_a_name_among_them() -> None:
    found = decide(words("ask Yamal not today"), (1, 3, "Jahmal", 4.0), (1, 2, "Jahmal", -3.0))
    assert found == (Likely(1, 2, "Jahmal", sure=True),)


def test_what_was_taken_for_a_name_once_is_taken_for_it_where_it_would_be_asked_about() -> None:
    said = words("Yamal and Yamal with Yamal")
    found = decide(said, (0, 1, "Jahmal", -8.0), (2, 3, "Jahmal", -3.0), (4, 5, "Jahmal", -9.5))
    assert [(one.start, one.sure) for one in found] == [(0, True), (2, True)]


def test_of_two_in_one_place_the_likelier_is_taken() -> None:
    said = words("with Yamal keem today")
    found = decide(said, (1, 2, "Jahmal", -3.0), (1, 3, "Zeynep", -2.0), (1, 2, "Mehmet", -4.0))
    assert found == (Likely(1, 3, "Zeynep", sure=True),)


def test_one_persons_name_is_never_changed_to_anothers() -> None:
    said = words("I saw Mehmet today")
    asked = [Rival(2, 3, name, 0.5, names=True) for name in ("Zeynep", "Jahmal", "Bisi")]
    found = decided(said, asked, (2.0, -3.0, -9.9), KNOWN)
    assert found == (Likely(2, 3, "Jahmal or Zeynep", sure=False),)


def test_what_was_likely_once_is_asked_again_wherever_it_stands() -> None:
    """A model writes again what it has written; each time the sound says whether it was right."""
    asked: list[int] = []

    def weigh(_: Sequence[Word], questions: Sequence[Rival]) -> list[float]:
        asked.extend(one.start for one in questions)
        return [-20.0 if one.start == 2 else -1.0 for one in questions]

    said = words("Yamal and Yamal with Yamal.", "Yamal")
    found = likely(said, NAMES, weigh, KNOWN)
    assert asked == [0, 2, 4]
    assert found == (Likely(0, 1, "Jahmal", sure=True), Likely(4, 5, "Jahmal", sure=True))


def test_without_a_question_the_model_is_not_troubled() -> None:
    def weigh(_: Sequence[Word], __: Sequence[Rival]) -> list[float]:
        raise AssertionError

    assert likely(words("I saw him"), NAMES, weigh, KNOWN) == ()


@given(
    st.lists(
        st.sampled_from("Yamal wait be seen Mehmet, on. Zaynep 47 today".split()), max_size=12
    ),
    st.lists(st.floats(-15, 5), min_size=60, max_size=60),
)
def test_whatever_the_model_says_no_word_is_part_of_two_names(
    text: list[str], answers: list[float]
) -> None:
    said = words(" ".join(text), *(each.strip(".,") for each in text))

    def weigh(_: Sequence[Word], questions: Sequence[Rival]) -> list[float]:
        return [answers[at % len(answers)] for at, _ in enumerate(questions)]

    found = likely(said, NAMES, weigh, KNOWN)
    places = [place for one in found for place in range(one.start, one.end)]
    assert places == sorted(set(places))
    assert all(0 <= place < len(said) for place in places)


def test_there_is_an_end_to_asking_again() -> None:
    asked: list[int] = []

    def weigh(_: Sequence[Word], questions: Sequence[Rival]) -> list[float]:
        asked.append(len(questions))
        return [0.0] * len(questions)

    text = "Yamal Zaynab " * 100
    likely(words(text, "Yamal", "Zaynab"), ("Jahmal", "Zeynep"), weigh, KNOWN)
    assert sum(asked) <= 24


def test_a_word_that_is_guarded_where_it_stands_is_not_taken_because_it_was_elsewhere() -> None:
    said = words("armeen came and then he cut his armeen", "armeen")
    found = decide(said, (0, 1, "Armin", 20.0), (7, 8, "Armin", -7.0))
    assert [(each.start, each.sure) for each in found] == [(0, True), (7, False)]


def test_an_article_by_itself_is_no_name_however_the_model_hears_it() -> None:
    assert not any(each.sure for each in decide(words("he had an apple"), (2, 3, "Ann", 0.5)))
