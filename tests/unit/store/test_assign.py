from __future__ import annotations

from dataclasses import replace

import pytest

from store.cases import Case
from store.errors import ConflictError, DuplicateError
from store.journal import SEALED, Look
from store.notes import Note
from store.people import Member
from store.records import DRAFTED, Arrival
from store.store import Store
from store.tables import TEAM

CONTENT = b"what was said" * 9000


@pytest.fixture
def unassigned(store: Store, arrival: Arrival, practitioner: Member) -> Note:
    """A note of no case, with its recording, transcript and sighting."""
    loose = replace(arrival, scope=TEAM, case_id=None)
    recording, _ = store.recordings.register(store.recordings.seal(TEAM, [CONTENT]), loose)
    store.journal.note(
        Look("amara/note.wav", TEAM, practitioner.id, SEALED, 1, recording_id=recording.id)
    )
    new = Note("", TEAM, None, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"words", None)
        store.recordings.keep_transcript(connection, recording, b"heard")
        store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
    return store.notes.get(note_id)


def test_a_note_given_to_a_case_is_sealed_to_it_with_all_it_was_made_from(
    store: Store, unassigned: Note, case: Case
) -> None:
    store.assigning.assign(unassigned, case.id, "test")
    note = store.notes.get(unassigned.id)
    assert (note.case_id, note.scope) == (case.id, case.id)
    assert store.notes.version(note.id, 1).payload == b"words"
    (recording,) = store.recordings.of_note(note.id)
    assert recording.case_id == case.id
    assert b"".join(store.recordings.open(recording.id)) == CONTENT
    assert store.recordings.transcript(recording.id) == b"heard"


def test_what_was_given_to_a_case_is_erased_with_it(
    store: Store, unassigned: Note, case: Case
) -> None:
    store.assigning.assign(unassigned, case.id, "test")
    store.erasing.case(case.id, "test")
    assert store.notes.all() == []
    assert store.recordings.all() == []
    assert store.journal.recent() == []
    assert list(store.vault.ids()) == []


def test_a_note_is_given_away_once(store: Store, unassigned: Note, case: Case) -> None:
    store.assigning.assign(unassigned, case.id, "test")
    with pytest.raises(ConflictError):
        store.assigning.assign(unassigned, case.id, "test")


def test_a_recording_that_the_case_holds_already_is_refused_whole(
    store: Store, unassigned: Note, case: Case, arrival: Arrival
) -> None:
    store.recordings.register(store.recordings.seal(case.id, [CONTENT]), arrival)
    with pytest.raises(DuplicateError):
        store.assigning.assign(unassigned, case.id, "test")
    assert store.notes.get(unassigned.id).case_id is None
    assert store.notes.version(unassigned.id, 1).payload == b"words"


def test_nothing_is_added_to_a_note_that_was_given_to_a_case_since_it_was_read(
    store: Store, unassigned: Note, case: Case, practitioner: Member
) -> None:
    store.assigning.assign(unassigned, case.id, "test")
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.notes.add_version(connection, unassigned, b"mine", practitioner.id, "draft")
    with pytest.raises(ConflictError), store.database.write() as connection:
        entry = ("returned", practitioner.id, b"why")
        store.notes.decide(connection, unassigned, entry, "draft")
    note = store.notes.get(unassigned.id)
    assert (note.number, store.notes.decisions(note.id)) == (1, [])


def test_a_recording_is_not_handed_to_a_note_that_lies_elsewhere_since_it_was_read(
    store: Store, unassigned: Note, case: Case, practitioner: Member
) -> None:
    new = Note("", TEAM, None, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        other_id = store.notes.create(connection, new, b"other", None)
    other = store.notes.get(other_id)
    store.assigning.assign(other, case.id, "test")
    (recording,) = store.recordings.of_note(unassigned.id)
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.assigning.hand_over(connection, recording.id, (unassigned, other), "test")
    assert store.recordings.of_note(unassigned.id) == [recording]


def test_what_came_of_hearing_it_once_more_goes_along(
    store: Store, unassigned: Note, case: Case, practitioner: Member
) -> None:
    with store.database.write() as connection:
        store.relistenings.add(connection, unassigned, practitioner.id, b"ruled")
    store.assigning.assign(unassigned, case.id, "test")
    assert [payload for _, payload in store.relistenings.all()] == [b"ruled"]
    store.erasing.case(case.id, "test")
    assert store.relistenings.all() == []
