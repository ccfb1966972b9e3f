from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from store.cases import Case, CaseDetails
from store.errors import ConflictError, ErasedError, TamperedError
from store.listenings import Approved
from store.notes import Note
from store.people import Member
from store.store import Store
from store.tables import TEAM, listenings, relistenings


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member) -> Note:
    return made(store, practitioner, case.id)


def made(store: Store, practitioner: Member, case_id: str | None) -> Note:
    scope = case_id or TEAM
    new = Note("", scope, case_id, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"words", None)
    return store.notes.get(note_id)


def decide(store: Store, note: Note, kind: str, by: str) -> Note:
    with store.database.write() as connection:
        store.notes.decide(connection, note, (kind, by, b""), kind)
    return store.notes.get(note.id)


def outcome(store: Store, note: Note, payload: bytes = b"right") -> None:
    with store.database.write() as connection:
        store.relistenings.add(connection, note, "sam", payload)


# --- listening before approval ---


def test_what_one_person_listened_to_is_theirs_alone(store: Store, note: Note) -> None:
    store.listenings.add(note, 1, "ruth", b"s1")
    store.listenings.add(note, 1, "sam", b"s2")
    found = store.listenings.of(note.id, "ruth")
    assert [(e.note_id, e.number, e.actor_id, e.payload) for e in found] == [
        (note.id, 1, "ruth", b"s1")
    ]
    heard = [e for e in store.audit.events() if e.action == "sentence listened to"]
    assert [(e.actor, e.object) for e in heard] == [("ruth", note.id), ("sam", note.id)]


@pytest.mark.parametrize("change", [{"actor_id": "sam"}, {"number": 2}, {"created_at": 1}])
def test_what_was_listened_to_is_passed_on_to_nobody_and_no_version(
    store: Store, note: Note, change: dict[str, object]
) -> None:
    store.listenings.add(note, 1, "ruth", b"s1")
    with store.database.write() as connection:
        connection.execute(update(listenings).values(**change))
    with pytest.raises(TamperedError):
        store.listenings.of(note.id, str(change.get("actor_id", "ruth")))


def test_it_goes_with_a_note_that_is_given_to_a_case(
    store: Store, practitioner: Member, case: Case
) -> None:
    loose = made(store, practitioner, None)
    store.listenings.add(loose, 1, "ruth", b"s1")
    store.assigning.assign(loose, case.id, "test")
    assert [e.payload for e in store.listenings.of(loose.id, "ruth")] == [b"s1"]
    with pytest.raises(ConflictError):
        store.listenings.add(loose, 1, "ruth", b"s2")  # as it was before
    store.erasing.case(case.id, "test")
    with pytest.raises(ErasedError):
        store.listenings.of(loose.id, "ruth")


# --- hearing approved notes again ---


def test_a_version_is_drawn_by_the_key_and_about_as_often_as_asked(store: Store) -> None:
    names = [f"{n:032x}" for n in range(2000)]
    drawn = [name for name in names if store.relistenings.drawn(name, 1, 10)]
    assert 140 < len(drawn) < 260
    assert drawn == [name for name in names if store.relistenings.drawn(name, 1, 10)]
    assert {name for name in names if store.relistenings.drawn(name, 2, 10)} != set(drawn)
    assert not any(store.relistenings.drawn(name, 1, 0) for name in names)
    assert all(store.relistenings.drawn(name, 1, 100) for name in names)
    # A share that grows keeps what was drawn before.
    assert set(drawn) < {name for name in names if store.relistenings.drawn(name, 1, 20)}


def test_what_waits_stands_approved_with_its_last_approver(store: Store, note: Note) -> None:
    assert store.relistenings.waiting(0) == []
    approved = decide(store, decide(store, note, "submitted", "a"), "approved", "ruth")
    assert store.relistenings.waiting(0) == [Approved(approved, "ruth")]
    assert store.relistenings.waiting(2**60) == []
    returned = decide(store, approved, "returned", "ruth")
    assert store.relistenings.waiting(0) == []
    again = decide(store, decide(store, returned, "submitted", "a"), "approved", "sam")
    assert store.relistenings.waiting(0) == [Approved(again, "sam")]


def test_a_version_is_heard_again_once(store: Store, note: Note) -> None:
    approved = decide(store, note, "approved", "ruth")
    outcome(store, approved)
    assert store.relistenings.waiting(0) == []
    with pytest.raises(ConflictError):
        outcome(store, approved)
    outcome(store, replace(approved, number=2))
    assert store.relistenings.all() == [("case_note", b"right")] * 2


def test_what_does_not_open_or_is_erased_is_counted_nowhere(
    store: Store, note: Note, practitioner: Member
) -> None:
    outcome(store, note)
    other = store.cases.add(CaseDetails("EV-2", "Sam"), practitioner.id, "test")
    theirs = made(store, practitioner, other.id)
    outcome(store, theirs, b"wrong")
    store.erasing.case(other.id, "test")
    assert store.relistenings.all() == [("case_note", b"right")]
    with store.database.write() as connection:
        connection.execute(update(relistenings).values(actor_id="nobody"))
    assert store.relistenings.all() == []
    assert store.database.alarm.damaged
