from __future__ import annotations

import pytest

from recorder.codec import decode_returned, encode_returned
from recorder.errors import StateError, UnknownError
from recorder.review.desk import Desk
from recorder.review.returned import Asked, sentence_of
from recorder.rulings import Mark, Returned
from store.errors import TamperedError
from store.notes import Note
from store.store import Store

MARKS = {"s2": " Say  who was there. ", "s3": "Is that his name?", "s4": "  "}


@pytest.fixture
def submitted(store: Store, desk: Desk, note: Note) -> Note:
    desk.submit(note.id, 1)
    return store.notes.get(note.id)


def asked(desk: Desk, note: Note) -> Asked:
    found = desk.read(note.id).asked
    assert found is not None
    return found


def test_reasons_stand_beside_their_sentences_until_each_is_dealt_with(
    desk: Desk, supervisors_desk: Desk, submitted: Note
) -> None:
    supervisors_desk.return_(submitted.id, 1, " Look  again. ", MARKS)
    found = asked(desk, submitted)
    assert (found.by, found.reason, found.dealt_with) == ("Ruth Adeyemi", "Look again.", 0)
    assert {key: mark.reason for key, mark in found.marks.items()} == {
        "s2": "Say who was there.",
        "s3": "Is that his name?",
    }
    desk.save(submitted.id, 1, {"s2": "He and Tyrell said no.", "s1": "We met."})
    assert (set(asked(desk, submitted).marks), asked(desk, submitted).dealt_with) == ({"s3"}, 1)
    desk.submit(submitted.id, 2)
    assert set(asked(supervisors_desk, submitted).marks) == {"s3"}
    supervisors_desk.approve(submitted.id, 2)
    assert desk.read(submitted.id).asked is None


def test_a_sentence_that_was_taken_out_is_dealt_with(
    desk: Desk, supervisors_desk: Desk, submitted: Note
) -> None:
    supervisors_desk.return_(submitted.id, 1, "", MARKS)
    desk.save(submitted.id, 1, {}, removed={"s2": "Not so.", "s3": "Not so."})
    found = asked(desk, submitted)
    assert (found.marks, found.dealt_with) == ({}, 2)


def test_a_list_says_why_in_one_line(desk: Desk, supervisors_desk: Desk, submitted: Note) -> None:
    supervisors_desk.return_(submitted.id, 1, "", MARKS)
    (row,) = desk.my_work()
    assert row.reason == "2 sentences are marked."
    one = Returned("Look again.", (Mark("s1", "x", "y"),))
    assert sentence_of(encode_returned(one)) == "Look again. One sentence is marked."
    assert sentence_of(encode_returned(Returned("Look again."))) == "Look again."


@pytest.mark.parametrize(("reason", "marks"), [("", {}), ("  ", {"s1": " "})])
def test_nothing_is_returned_without_any_reason(
    supervisors_desk: Desk, submitted: Note, reason: str, marks: dict[str, str]
) -> None:
    with pytest.raises(StateError, match="say what needs changing"):
        supervisors_desk.return_(submitted.id, 1, reason, marks)
    assert supervisors_desk.read(submitted.id).note.state == "submitted"


def test_a_sentence_that_is_not_there_cannot_be_marked(
    supervisors_desk: Desk, submitted: Note
) -> None:
    with pytest.raises(UnknownError):
        supervisors_desk.return_(submitted.id, 1, "No.", {"s99": "What is this?"})


def test_what_was_returned_before_sentences_could_be_marked_still_reads(
    store: Store, desk: Desk, submitted: Note, supervisors_desk: Desk
) -> None:
    with store.database.write() as connection:
        entry = ("returned", supervisors_desk.person.id, "Say who “Jo” is.".encode())
        store.notes.decide(connection, submitted, entry, "returned")
    assert asked(desk, submitted).reason == "Say who “Jo” is."
    assert desk.my_work()[0].reason == "Say who “Jo” is."


def test_whatever_was_once_written_is_no_struct_by_accident() -> None:
    for text in ("", '{"reason": "x"}', "returned 1", "\0returned"):
        assert decode_returned(text.encode()) == Returned(text)
    value = Returned("Why", (Mark("s1", "said", "why"),))
    assert decode_returned(encode_returned(value)) == value
    for payload in (b"\0returned 1\0{", b"\0returned 1\0[]", b"\xff"):
        with pytest.raises(TamperedError):
            decode_returned(payload)
