"""What a young person says, from its entries."""

from __future__ import annotations

from recorder.review.saying import (
    ADD,
    ANSWERED,
    NOT_RIGHT,
    RIGHT,
    TAKEN_BACK,
    Said,
    Saying,
    encode_answer,
    encode_saying,
    said,
    saying_of,
)
from store.notes import Entry


def entry(entry_id: str, at: int, saying: Saying, who: str = "jordan") -> Entry:
    return Entry(entry_id, "n" * 32, 2, "reply", who, at, encode_saying(saying))


def answered(to: str, at: int, words: str) -> Entry:
    return Entry(f"a{at}", "n" * 32, 2, ANSWERED, "amara", at, encode_answer(to, words))


def one(found: list[Said]) -> Said:
    (only,) = found
    return only


def test_what_is_kept_comes_back_as_it_was() -> None:
    whole = Saying(NOT_RIGHT, "I never “said” that", "s1", "r", "p", "e")
    assert saying_of(entry("1", 1, whole)) == whole


def test_words_alone_are_something_they_add() -> None:
    plain = Entry("1", "n", 1, "reply", "jordan", 1, b"I was there")
    assert saying_of(plain) == Saying(ADD, "I was there")


def test_another_version_stands_for_the_first_and_the_first_is_kept() -> None:
    entries = [
        entry("1", 1, Saying(NOT_RIGHT, "No.", "s1")),
        entry("2", 5, Saying(NOT_RIGHT, "It was Sunday.", "s1", instead_of="1")),
    ]
    found = one(said(reversed(entries), []))
    assert (found.id, found.at, found.saying.words) == ("1", 5, "It was Sunday.")
    assert found.earlier == ((1, "No."),)
    assert found.disagrees


def test_what_is_taken_back_waits_for_nothing_and_disagrees_with_nothing() -> None:
    entries = [
        entry("1", 1, Saying(NOT_RIGHT, "No.")),
        entry("2", 5, Saying(TAKEN_BACK, instead_of="1")),
    ]
    found = one(said(entries, []))
    assert (found.taken_back, found.disagrees, found.waits) == (5, False, False)
    assert found.saying.words == "No."


def test_somebody_elses_entry_is_never_taken_for_another_version() -> None:
    entries = [
        entry("1", 1, Saying(ADD, "Mine.")),
        entry("2", 5, Saying(TAKEN_BACK, instead_of="1"), who="sky"),
    ]
    assert [each.taken_back for each in said(entries, [])] == [None, None]


def test_it_waits_until_it_is_answered_and_again_after_another_version() -> None:
    entries = [entry("1", 1, Saying(ADD, "More."))]
    assert one(said(entries, [])).waits
    answers = [answered("1", 3, "Thank you."), answered("other", 4, "No.")]
    found = one(said(entries, answers))
    assert not found.waits
    assert [each.words for each in found.answers] == ["Thank you."]
    entries.append(entry("2", 5, Saying(ADD, "And more.", instead_of="1")))
    assert one(said(entries, answers)).waits


def test_that_it_is_right_needs_no_answer() -> None:
    assert not one(said([entry("1", 1, Saying(RIGHT))], [])).waits
