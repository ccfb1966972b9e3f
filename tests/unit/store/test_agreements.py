from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from store.agreements import GIVEN, SEEN, TAKEN_BACK, Said
from store.cases import Case
from store.errors import ConflictError, TamperedError
from store.people import Member
from store.records import (
    AGREEMENT_NEEDED,
    DRAFTED,
    PROBED,
    QUARANTINED,
    RECEIVED,
    WITHDRAWN,
    Arrival,
    Recording,
)
from store.store import Store
from store.tables import agreements

YES = Said("Jordan", "They said so, in person", "5/11/2026")
NO = Said("Jordan", "rang to say so", "9/11/2026")


@pytest.fixture
def waiting(store: Store, arrival: Arrival) -> Recording:
    """A recording that waits until somebody agreed to it."""
    made, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"v"]), arrival)
    store.agreements.ask(made, "amara")
    return store.recordings.get(made.id)


def test_nothing_is_due_until_somebody_agreed(store: Store, waiting: Recording) -> None:
    assert waiting.state == AGREEMENT_NEEDED
    assert store.recordings.due([RECEIVED, PROBED]) == []
    assert not store.agreements.stands(waiting.id)
    store.agreements.give(waiting, YES, "amara")
    assert [each.id for each in store.recordings.due([PROBED])] == [waiting.id]
    assert store.agreements.stands(waiting.id)
    (entry,) = store.agreements.of(waiting.id)
    assert (entry.kind, entry.actor_id, entry.said) == (GIVEN, "amara", YES)


def test_what_is_withdrawn_is_set_aside_from_any_state(store: Store, waiting: Recording) -> None:
    store.agreements.give(waiting, YES, "amara")
    recording = store.recordings.get(waiting.id)
    with store.database.write() as connection:
        store.recordings.advance(connection, recording, DRAFTED)
    store.agreements.take_back(store.recordings.get(waiting.id), NO, "amara")
    after = store.recordings.get(waiting.id)
    assert (after.state, after.reason) == (QUARANTINED, WITHDRAWN)
    assert not store.agreements.stands(waiting.id)
    assert [each.kind for each in store.agreements.of(waiting.id)] == [GIVEN, TAKEN_BACK]
    with pytest.raises(ConflictError):
        store.recordings.retry(waiting.id, "amara")
    with pytest.raises(ConflictError):
        store.agreements.take_back(after, NO, "amara")


def test_agreed_again_it_starts_from_what_is_sealed(store: Store, waiting: Recording) -> None:
    store.agreements.take_back(waiting, NO, "amara")
    store.agreements.give(store.recordings.get(waiting.id), YES, "amara")
    assert store.recordings.get(waiting.id).state == RECEIVED
    assert store.agreements.stands(waiting.id)


def test_an_agreement_nobody_waits_for_is_refused(store: Store, waiting: Recording) -> None:
    store.agreements.give(waiting, YES, "amara")
    recording = store.recordings.get(waiting.id)
    with pytest.raises(ConflictError):
        store.agreements.give(recording, YES, "amara")
    with pytest.raises(ConflictError):
        store.agreements.give(waiting, YES, "amara")
    assert len(store.agreements.of(waiting.id)) == 1


def test_waiting_for_agreement_is_neither_cancelled_nor_tried_again(
    store: Store, waiting: Recording
) -> None:
    with pytest.raises(ConflictError):
        store.recordings.cancel(waiting.id, "amara")
    with pytest.raises(ConflictError):
        store.recordings.retry(waiting.id, "amara")
    with pytest.raises(ConflictError):
        store.agreements.ask(waiting, "amara")


def test_agreements_go_with_their_recording(store: Store, waiting: Recording) -> None:
    store.agreements.give(waiting, YES, "amara")
    store.erasing.recording(waiting.id, "test")
    assert store.agreements.of(waiting.id) == []


def test_agreements_of_an_erased_case_are_gone(
    store: Store, waiting: Recording, case: Case
) -> None:
    store.agreements.give(waiting, YES, "amara")
    store.erasing.case(case.id, "test")
    assert store.agreements.of(waiting.id) == []


@pytest.mark.parametrize("column", ["kind", "created_at"])
def test_an_agreement_cannot_be_brought_back_by_writing_to_the_database(
    store: Store, waiting: Recording, column: str
) -> None:
    store.agreements.give(waiting, YES, "amara")
    store.agreements.take_back(store.recordings.get(waiting.id), NO, "amara")
    assert not store.agreements.stands(waiting.id)
    values = {"kind": GIVEN} if column == "kind" else {"created_at": 1}
    with store.database.write() as connection:
        withdrawn = agreements.c.kind == TAKEN_BACK
        connection.execute(update(agreements).where(withdrawn).values(**values))
    with pytest.raises(TamperedError):
        store.agreements.stands(waiting.id)


def test_what_a_young_person_took_back_is_told_of_until_somebody_has_seen_it(
    store: Store, waiting: Recording, young_person: Member
) -> None:
    store.agreements.give(waiting, YES, "amara")
    store.agreements.take_back(store.recordings.get(waiting.id), NO, "amara")
    assert store.agreements.unseen() == []  # the staff wrote it down themselves
    store.agreements.give(store.recordings.get(waiting.id), YES, "amara")
    store.agreements.take_back(store.recordings.get(waiting.id), NO, young_person.id)
    ((recording, entry),) = store.agreements.unseen()
    assert (recording.id, entry.said) == (waiting.id, NO)
    store.agreements.see(recording, NO, "amara")
    assert store.agreements.unseen() == []
    with pytest.raises(ConflictError):
        store.agreements.see(recording, NO, "amara")


def test_what_was_given_again_nobody_has_to_be_told_of(
    store: Store, waiting: Recording, young_person: Member
) -> None:
    store.agreements.take_back(waiting, NO, young_person.id)
    store.agreements.give(store.recordings.get(waiting.id), YES, "amara")
    assert store.agreements.unseen() == []


def test_once_it_was_seen_that_it_was_taken_back_it_stays_so_when_its_bytes_come_again(
    store: Store, waiting: Recording, young_person: Member
) -> None:
    store.agreements.take_back(waiting, NO, young_person.id)
    store.agreements.see(store.recordings.get(waiting.id), NO, "amara")
    with store.database.write() as connection:
        store.agreements.given_before(connection, waiting.id, YES, "amara")
    assert [each.kind for each in store.agreements.of(waiting.id)] == [TAKEN_BACK, SEEN]
    assert not store.agreements.stands(waiting.id)


def test_the_recordings_of_a_case_come_with_what_was_said_of_each(
    store: Store, waiting: Recording, arrival: Arrival
) -> None:
    later = replace(arrival, recorded_at=arrival.recorded_at + 1)
    second, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"2"]), later)
    store.recordings.register(store.recordings.seal(arrival.scope, [b"3"]), arrival)
    store.agreements.give(waiting, YES, "amara")
    store.agreements.take_back(second, NO, "amara")
    found = store.agreements.of_case(arrival.scope)
    kinds = [(each.id, [entry.kind for entry in entries]) for each, entries in found]
    assert kinds == [(second.id, [TAKEN_BACK]), (waiting.id, [GIVEN])]
    assert store.agreements.of_case("another") == []
