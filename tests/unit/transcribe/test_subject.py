from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.openings import labelled
from transcribe.subject import Known, speakers, subjects

CASES, STAFF = labelled.cases(), labelled.staff()


def ids(text: str) -> set[str]:
    return {each.id for each in subjects(text, CASES, STAFF)}


def test_the_list_has_enough_of_both() -> None:
    wanted = [found for _, found in labelled.about()]
    assert sum(1 for found in wanted if found) >= 60
    assert sum(1 for found in wanted if not found) >= 30


@pytest.mark.parametrize(("text", "wanted"), labelled.about())
def test_whom_a_recording_is_about_is_found_and_nobody_else(
    text: str, wanted: frozenset[str]
) -> None:
    assert ids(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), labelled.speaking())
def test_who_speaks_is_found_where_they_say_so(text: str, wanted: frozenset[str]) -> None:
    assert {each.id for each in speakers(text, STAFF)} == wanted


def test_who_speaks_is_mostly_found_and_never_somebody_else() -> None:
    wanted = labelled.speaking("unseen_")
    found = {text: {each.id for each in speakers(text, STAFF)} for text, _ in wanted}
    assert labelled.score(found, wanted).precision == 1.0
    assert labelled.score(found, wanted).recall >= 0.9


@pytest.mark.parametrize(("text", "wanted"), labelled.about())
def test_nobody_is_found_who_is_not_among_the_cases(text: str, wanted: frozenset[str]) -> None:
    others = [each for each in CASES if each.id not in wanted]
    sound_alikes = {each.id for each in others} & {each.id for each in subjects(text, others)}
    # Without them whom it is about is not known: whoever is named first is somebody else's.
    assert sound_alikes <= {"jo_b", "jo_m", "zac", "kai"}


def test_what_was_heard_is_told_as_it_was_written() -> None:
    (heard,) = subjects("Case note for Kye's file.", CASES)
    assert (heard.id, heard.words, heard.apart) == ("kai", "Kye's", 0)


def test_the_best_fit_stands_alone() -> None:
    kiera, kira, kieran = Known("1", "Kiera"), Known("2", "Keira"), Known("3", "Kieran")
    found = subjects("Case note for Kiera.", [kieran, kira, kiera])
    assert {each.id for each in found} == {"1", "2"}


@given(st.text(max_size=200))
def test_whatever_is_said_the_answer_is_among_the_cases(text: str) -> None:
    assert ids(text) <= {each.id for each in CASES}
    assert {each.id for each in speakers(text, STAFF)} <= {each.id for each in STAFF}


@given(st.lists(st.sampled_from([w for t, _ in labelled.about() for w in t.split()]), max_size=60))
def test_words_in_any_order_name_only_who_is_among_them(words: list[str]) -> None:
    found = subjects(" ".join(words), CASES, STAFF)
    assert all(each.words.split()[0].strip("'’s") in " ".join(words) for each in found)
