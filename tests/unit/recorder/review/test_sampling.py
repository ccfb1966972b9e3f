from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from recorder.codec import decode_returned, encode
from recorder.errors import StateError, UnknownError
from recorder.review.desk import Desk
from recorder.review.sampling import FEW, FEWEST, Sampling, told
from recorder.rulings import Outcome
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store
from store.tables import note_versions
from tests.unit.recorder.review.test_listened import believed
from transcribe.model import Draft

ALL = 100


@pytest.fixture
def approved(store: Store, desk: Desk, supervisors_desk: Desk, note: Note) -> Note:
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    return store.notes.get(note.id)


@pytest.fixture
def second(store: Store) -> Desk:
    """The desk of a supervisor with no part in the note."""
    return Desk(store, store.people.add(Member("", "supervisor", "sam", "Sam Bell", None), "test"))


def heard(desk: Desk, note: Note) -> Sampling:
    room = desk.sampling(ALL)
    for each in room.look(note.id).statements:
        desk.listening.keep(note.id, note.number, each.id, believed)
    return room


def test_a_drawn_note_is_offered_to_who_neither_wrote_nor_approved_it(
    store: Store, desk: Desk, supervisors_desk: Desk, second: Desk, approved: Note
) -> None:
    assert [each.id for each in second.sampling(ALL).offered().notes] == [approved.id]
    assert second.sampling(0).offered().notes == []
    assert supervisors_desk.sampling(ALL).offered().notes == []
    with pytest.raises(UnknownError):
        supervisors_desk.sampling(ALL).look(approved.id)
    with pytest.raises(UnknownError):
        desk.sampling(ALL)
    drawn = store.relistenings.drawn(approved.id, 1, 50)
    assert bool(second.sampling(50).offered().notes) is drawn


def test_a_few_of_its_sentences_are_drawn_and_always_the_same(
    second: Desk, approved: Note, draft: Draft
) -> None:
    found = second.sampling(ALL).look(approved.id)
    assert 0 < len(found.statements) <= FEW
    assert found.left == found.statements
    assert found == second.sampling(ALL).look(approved.id)
    order = [each.id for each in draft.statements]
    chosen = [each.id for each in found.statements]
    assert chosen == sorted(chosen, key=order.index)


def test_nothing_is_said_of_what_was_not_heard(
    supervisors_desk: Desk, second: Desk, approved: Note
) -> None:
    with pytest.raises(StateError, match="listen to every sentence"):
        second.sampling(ALL).keep(approved.id, 1, Outcome.RIGHT, "")
    with pytest.raises(StateError, match="not, or not any more"):
        supervisors_desk.sampling(ALL).keep(approved.id, 1, Outcome.RIGHT, "")


def test_words_that_are_right_are_counted_once(store: Store, second: Desk, approved: Note) -> None:
    room = heard(second, approved)
    with pytest.raises(StateError):
        room.keep(approved.id, 2, Outcome.RIGHT, "")
    assert room.keep(approved.id, 1, Outcome.RIGHT, "") is False
    assert store.notes.get(approved.id).state == "approved"
    assert room.offered().notes == []
    with pytest.raises(StateError):
        room.keep(approved.id, 1, Outcome.RIGHT, "")
    assert [kind for kind, _ in store.relistenings.all()] == ["case_note"]
    events = [e for e in store.audit.events() if e.action == "note heard again at version 1"]
    assert [(e.actor, e.object) for e in events] == [(second.person.id, approved.id)]


def test_a_wrong_word_that_matters_sends_the_note_back_with_it(
    store: Store, desk: Desk, second: Desk, approved: Note
) -> None:
    room = heard(second, approved)
    for outcome in (Outcome.HARMLESS, Outcome.MATTERS):
        with pytest.raises(StateError, match="say which word"):
            room.keep(approved.id, 1, outcome, " ")
    assert room.keep(approved.id, 1, Outcome.MATTERS, "He said “Terrell”.") is True
    assert store.notes.get(approved.id).state == "returned"
    last = store.notes.decisions(approved.id)[-1]
    assert (last.kind, decode_returned(last.payload).reason) == ("returned", "He said “Terrell”.")
    asked = desk.read(approved.id).asked
    assert asked is not None
    assert asked.by == "Sam Bell"


def test_what_has_left_the_house_goes_back_too_so_that_it_is_put_right_there(
    store: Store, second: Desk, approved: Note
) -> None:
    room = heard(second, approved)
    store.notes.exported(approved.id, 1, "test")
    assert room.keep(approved.id, 1, Outcome.MATTERS, "He said “Terrell”.") is True
    assert store.notes.get(approved.id).state == "returned"


def test_a_wrong_word_without_harm_changes_nothing(
    store: Store, second: Desk, approved: Note
) -> None:
    assert heard(second, approved).keep(approved.id, 1, Outcome.HARMLESS, "a for the") is False
    assert store.notes.get(approved.id).state == "approved"


def test_no_small_count_is_told_and_no_sum() -> None:
    found = [("case_note", Outcome.RIGHT)] * FEWEST + [("case_note", Outcome.MATTERS)] * 4
    found += [("phone_call", Outcome.HARMLESS)]
    assert told(found) == {
        "case_note": {Outcome.RIGHT: 5, Outcome.HARMLESS: None, Outcome.MATTERS: None},
        "phone_call": dict.fromkeys(Outcome),
    }
    assert told([]) == {}


@pytest.mark.usefixtures("approved")
def test_a_note_without_sound_is_not_one_to_listen_to(
    store: Store, second: Desk, recording: Recording
) -> None:
    store.erasing.recording(recording.id, "test")
    assert second.sampling(ALL).offered().notes == []


def test_one_that_is_damaged_is_named_and_hides_no_other_and_only_it_is_opened(
    store: Store,
    desk: Desk,
    supervisors_desk: Desk,
    second: Desk,
    approved: Note,
    draft: Draft,
) -> None:
    with store.database.write() as connection:
        bad_id = store.notes.create(
            connection, replace(approved, state="draft"), encode(draft), None
        )
    desk.submit(bad_id, 1)
    supervisors_desk.approve(bad_id, 1)
    with store.database.write() as connection:
        mine = note_versions.c.note_id == bad_id
        connection.execute(update(note_versions).where(mine).values(sealed=bytes(300)))
    assert second.sampling(ALL).look(approved.id).note == approved
    assert store.database.alarm.damaged == []  # nobody looked at the other one
    found = second.sampling(ALL).offered()
    assert ([each.id for each in found.notes], found.damaged) == ([approved.id], [bad_id])
