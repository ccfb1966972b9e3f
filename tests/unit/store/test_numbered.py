from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from store.agreements import Said
from store.cases import Case
from store.errors import ConflictError, ErasedError, TamperedError
from store.notes import Note
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.store import Store
from store.tables import TEAM, corrections, note_versions, summaries


@pytest.fixture
def recording(store: Store, arrival: Arrival) -> Recording:
    return store.recordings.register(store.recordings.seal(arrival.scope, [b"v"]), arrival)[0]


def summarise(store: Store, case: Case, payload: bytes) -> None:
    with store.database.write() as connection:
        store.summaries.add(connection, case.id, "ruth", lambda _: payload)


def test_corrections_come_back_in_the_order_they_were_made(
    store: Store, recording: Recording
) -> None:
    store.corrections.add(recording, 1, b"one", "amara")
    store.corrections.add(recording, 2, b"two", "ruth")
    found = store.corrections.of(recording.id)
    assert [(e.number, e.actor_id, e.payload) for e in found] == [
        (1, "amara", b"one"),
        (2, "ruth", b"two"),
    ]
    actions = [e.action for e in store.audit.events() if e.object == recording.id]
    assert actions.count("transcript corrected") == 2


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_number_that_is_not_the_next_one_is_refused(
    store: Store, recording: Recording, number: int
) -> None:
    store.corrections.add(recording, 1, b"one", "amara")
    with pytest.raises(ConflictError):
        store.corrections.add(recording, number, b"other", "ruth")
    assert [e.payload for e in store.corrections.of(recording.id)] == [b"one"]


def test_a_missing_correction_is_found(store: Store, recording: Recording) -> None:
    for number in (1, 2):
        store.corrections.add(recording, number, b"x", "amara")
    with store.database.write() as connection:
        connection.execute(delete(corrections).where(corrections.c.number == 1))
    with pytest.raises(TamperedError):
        store.corrections.of(recording.id)


def test_who_put_words_right_cannot_be_changed(store: Store, recording: Recording) -> None:
    store.corrections.add(recording, 1, b"x", "amara")
    with store.database.write() as connection:
        connection.execute(update(corrections).values(actor_id="ruth"))
    with pytest.raises(TamperedError):
        store.corrections.of(recording.id)


def test_nothing_is_added_to_what_was_erased_and_its_corrections_go(
    store: Store, recording: Recording
) -> None:
    store.corrections.add(recording, 1, b"x", "amara")
    store.erasing.recording(recording.id, "dpo")
    assert store.corrections.of(recording.id) == []
    with pytest.raises(ConflictError):
        store.corrections.add(recording, 1, b"y", "amara")


def test_corrections_go_with_a_note_that_is_given_to_a_case(
    store: Store, arrival: Arrival, case: Case
) -> None:
    loose = Arrival(TEAM, None, arrival.practitioner_id, "wav", "audio", "x", 1, "file")
    made, _ = store.recordings.register(store.recordings.seal(TEAM, [b"w"]), loose)
    store.corrections.add(made, 1, b"x", "amara")
    new = Note("", TEAM, None, arrival.practitioner_id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"{}", None)
        store.recordings.advance(connection, made, DRAFTED, note_id=note_id)
    store.assigning.assign(store.notes.get(note_id), case.id, "amara")
    assert [e.payload for e in store.corrections.of(made.id)] == [b"x"]
    assert store.corrections.recordings_of(case.id) == [made.id]
    store.erasing.case(case.id, "dpo")
    assert store.corrections.of(made.id) == []


def test_what_an_agreement_was_taken_back_from_is_listed_no_more(
    store: Store, recording: Recording, case: Case
) -> None:
    store.corrections.add(recording, 1, b"x", "amara")
    assert store.corrections.recordings_of(case.id) == [recording.id]
    store.agreements.take_back(recording, Said("Jordan", "no", "today"), "amara")
    assert store.corrections.recordings_of(case.id) == []


def test_a_summarys_versions_are_kept_and_the_newest_is_found(store: Store, case: Case) -> None:
    assert store.summaries.newest(case.id) is None
    for payload in (b"one", b"two"):
        summarise(store, case, payload)
    newest = store.summaries.newest(case.id)
    assert newest is not None
    assert (newest.number, newest.payload) == (2, b"two")
    assert [e.payload for e in store.summaries.of(case.id)] == [b"one", b"two"]


def test_a_summary_that_says_the_same_is_no_new_version(store: Store, case: Case) -> None:
    summarise(store, case, b"one")
    seen: list[bytes | None] = []
    with store.database.write() as connection:
        store.summaries.add(connection, case.id, "ruth", seen.append)
    assert seen == [b"one"]
    assert len(store.summaries.of(case.id)) == 1


def test_a_summary_is_erased_with_its_case(store: Store, case: Case) -> None:
    summarise(store, case, b"one")
    store.erasing.case(case.id, "dpo")
    with pytest.raises(ErasedError):
        store.summaries.of(case.id)
    with pytest.raises(ErasedError):
        summarise(store, case, b"two")


def test_a_summary_moved_to_another_case_does_not_open(
    store: Store, case: Case, practitioner: object
) -> None:
    assert practitioner is not None
    summarise(store, case, b"one")
    with store.database.write() as connection:
        connection.execute(update(summaries).values(case_id="0" * 32))
    with pytest.raises(TamperedError):
        store.summaries.of("0" * 32)


def test_what_does_not_open_keeps_no_summary_from_being_drawn(
    store: Store, case: Case, practitioner: Member
) -> None:
    summarise(store, case, b"one")
    new = Note("", case.id, case.id, practitioner.id, "case_note", "approved", 0, 1000, 0)
    with store.database.write() as connection:
        ids = [store.notes.create(connection, new, text, None) for text in (b"sound", b"broken")]
    with store.database.write() as connection:
        connection.execute(update(summaries).values(actor_id="somebody else"))
        broken = note_versions.c.note_id == ids[1]
        connection.execute(update(note_versions).where(broken).values(created_at=1))
    seen: list[bytes | None] = []

    def made(before: bytes | None) -> bytes:
        seen.append(before)
        return b"2"

    with store.database.write() as connection:
        found = store.summaries.notes(connection, case.id, "approved")
        store.summaries.add(connection, case.id, "ruth", made)
    assert [(note.id, payload) for note, payload in found] == [(ids[0], b"sound")]
    assert seen == [None]
    newest = store.summaries.newest(case.id)
    assert newest is not None
    assert (newest.number, newest.payload) == (2, b"2")
    assert store.database.alarm.damaged
