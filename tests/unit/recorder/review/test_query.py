from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recorder.errors import StateError
from recorder.review.query import MAX_LENGTH, Query, Sieve, fold, fold_character, parse, squeeze

# Beside anything at all: letters that fold alike, what JSON escapes, what is not seen.
WORDS = st.text(
    st.sampled_from(
        "aeoszAEOSZ éÉöłŁßﬁ\u0131İ’'\u02bc\"\\/\n\t\r\x00\x1f\x7f\u00ad\u0301\u200b\ufe0f£½Ж"
    )
    | st.characters(exclude_categories=["Cs"])
)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Jordan", ("jordan",)),
        ("  school \t Bus\n", ("school", "bus")),
        ('"ran home" school', ("ran home", "school")),
        ("“ran  home”", ("ran home",)),
        ('"ran home', ("ran", "home")),
        ('run"home"', ("run", "home")),
        ("school, bus!", ("school", "bus")),
        ("bus BUS bús", ("bus",)),
        ("don’t", ("don't",)),
        ("'quoted'", ("quoted",)),
        ('"..." yes', ("...", "yes")),
        ("50% off_", ("50%", "off_")),
    ],
)
def test_words_and_phrases_are_told_apart(typed: str, terms: tuple[str, ...]) -> None:
    assert parse(typed).terms == terms


@pytest.mark.parametrize("typed", ["", "   ", '""', '" "', "...", "\u0301\u00ad", "\ud800" * 201])
def test_nothing_to_look_for_and_too_much_are_refused(typed: str) -> None:
    with pytest.raises(StateError):
        parse(typed)


def test_the_longest_search_is_taken() -> None:
    assert parse("x" * MAX_LENGTH).terms == ("x" * MAX_LENGTH,)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("JORDAN", "jordan"),
        ("José", "jose"),
        ("Jose\u0301", "jose"),
        ("Łukasz Søren Đặng Æthel", "lukasz soren dang aethel"),
        ("STRASSE straße", "strasse strasse"),
        ("don’t don‘t don\u02bct don\u00b4t don`t", "don't don't don't don't don`t"),
        ("ﬁne ½", "fine 1\u20442"),
        ("İstanbul \u0131s\u0131", "istanbul isi"),
        ("co\u00adop zero\u200bwidth", "coop zerowidth"),
        ("\u00a0\u2003", "  "),
        ("Ελλάς", "ελλασ"),
        ("\ud800", "\ud800"),
    ],
)
def test_case_accents_and_apostrophes_are_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(WORDS, WORDS)
def test_a_folded_text_is_its_folded_characters_in_a_row(first: str, second: str) -> None:
    assert fold(first + second) == fold(first) + fold(second)
    assert fold(first) == "".join(map(fold_character, first))


@given(WORDS)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(text)) == squeeze(text)


@example("0¨)")
@given(st.text(max_size=MAX_LENGTH))
def test_whatever_is_typed_is_a_query_of_folded_terms_or_refused(typed: str) -> None:
    try:
        terms = parse(typed).terms
    except StateError:
        return
    assert all(term and term == squeeze(term) for term in terms)


@given(WORDS, st.data())
def test_a_sieve_never_refuses_what_matches(text: str, data: st.DataObject) -> None:
    folded = squeeze(text)
    start = data.draw(st.integers(0, len(folded)))
    end = data.draw(st.integers(start, len(folded)))
    query = Query((" ".join(folded[start:end].split()),))
    for payload in (msgspec.json.encode([text]), json.dumps([text]).encode()):
        assert Sieve(query).may_match(payload)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("zeppelin", "a plain line"),
        ("zeppelin", "it’s a line with José in it"),
        ("zeppelin", "a line with an e\u0301"),
        ("жук", "a plain line"),
        ("жук", "José"),
        ("don't", "done"),
    ],
)
def test_a_sieve_refuses_what_it_can_tell(term: str, text: str) -> None:
    assert not Sieve(Query((term,))).may_match(msgspec.json.encode([text]))


def test_a_sieve_lets_through_what_is_no_text() -> None:
    assert Sieve(Query(("zeppelin",))).may_match(b"\xff\xfe")


def test_terms_that_stand_beside_need_not_be_found_again() -> None:
    query = parse("jordan bus")
    assert query.beside(squeeze("Jordan EV-1")) == Query(("bus",))
    assert query.beside("") == query
    assert Sieve(query.beside("jordan bus")).may_match(b"{}")
