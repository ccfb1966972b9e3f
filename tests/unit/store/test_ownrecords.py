from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from store.cases import Case
from store.custody import Custody
from store.errors import ConflictError, ErasedError, HeldError, NotFoundError, TamperedError
from store.files import UNASSIGNED
from store.holds import with_hold
from store.journal import SEALED, Look
from store.keystore import KeyStore
from store.notes import Note, is_own
from store.people import Member
from store.reach import Reach
from store.records import DRAFTED, Arrival, Recording
from store.search import Opened
from store.store import Store, connect
from store.tables import TEAM, holds, identities, notes
from store.wrappers.keyfile import KeyFile

SAID = b"how the worker is" * 9000


def supervised(store: Store, arrival: Arrival, words: bytes = SAID) -> Note:
    """A supervision's note, with its recording, transcript and sighting, wherever `arrival` is."""
    sealed = store.recordings.seal(arrival.scope, [words])
    recording, _ = store.recordings.register(sealed, arrival)
    maker = arrival.practitioner_id
    store.journal.note(
        Look(f"a/{recording.id}", arrival.scope, maker, SEALED, 1, recording_id=recording.id)
    )
    new = Note("", arrival.scope, arrival.case_id, maker, "supervision", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"words", None)
        store.recordings.keep_transcript(connection, recording, b"heard")
        store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
    made = store.notes.get(note_id)
    with store.database.write() as connection:
        store.notes.decide(connection, made, ("returned", maker, b"why"), "draft")
    return store.notes.get(note_id)


def file(store: Store, note: Note, person: Member) -> Recording:
    store.assigning.file(note, store.own_records.of(person.id), "test")
    return store.recordings.of_note(note.id)[0]


def reading(person: Member, *case_ids: str) -> Reach:
    return Reach(practitioner_id=person.id, case_ids=frozenset(case_ids))


def test_what_lies_in_an_own_record_is_not_counted_as_being_without_a_young_person(
    store: Store, arrival: Arrival, practitioner: Member
) -> None:
    loose = replace(arrival, scope=TEAM, case_id=None)
    note = supervised(store, loose)
    for reach in (Reach(everyone=True), reading(practitioner)):
        assert store.files.tally(reach) == {UNASSIGNED: 1}
    file(store, note, practitioner)
    for reach in (Reach(everyone=True), reading(practitioner)):
        assert store.files.tally(reach) == {SEALED: 1}
        assert store.files.page(reach, [UNASSIGNED]) == []
        assert [became for became, _ in store.files.page(reach)] == [SEALED]


@pytest.mark.parametrize("loose", [False, True])
def test_a_note_filed_in_an_own_record_is_sealed_to_it_with_all_it_was_made_from(
    store: Store, arrival: Arrival, practitioner: Member, case: Case, *, loose: bool
) -> None:
    lies = replace(arrival, scope=TEAM, case_id=None) if loose else arrival
    note = supervised(store, lies)
    recording = file(store, note, practitioner)
    filed = store.notes.get(note.id)
    assert (filed.scope, filed.case_id, recording.scope) == (practitioner.id, None, practitioner.id)
    assert is_own(filed)
    assert is_own(recording)
    assert store.notes.version(note.id, 1).payload == b"words"
    assert [entry.payload for entry in store.notes.decisions(note.id)] == [b"why"]
    assert b"".join(store.recordings.open(recording.id)) == SAID
    assert store.recordings.transcript(recording.id) == b"heard"
    assert store.journal.sources(recording.id) == [(f"a/{recording.id}", "")]
    assert [each.id for each in store.own_records.notes(practitioner.id)] == [note.id]
    assert store.notes.all(case_id=case.id) == []


def test_a_case_erased_afterwards_takes_nothing_of_it(
    store: Store, arrival: Arrival, practitioner: Member, case: Case
) -> None:
    note = supervised(store, arrival)
    recording = file(store, note, practitioner)
    store.erasing.case(case.id, "test")
    assert store.notes.version(note.id, 1).payload == b"words"
    assert b"".join(store.recordings.open(recording.id)) == SAID


def test_who_reaches_the_case_reaches_nothing_of_it(
    store: Store, arrival: Arrival, practitioner: Member, case: Case
) -> None:
    colleague = store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")
    note = supervised(store, arrival)
    file(store, note, practitioner)
    filed = store.notes.get(note.id)
    theirs = reading(colleague, case.id)
    assert not theirs.holds(filed.practitioner_id, filed.case_id)
    assert list(store.search.notes(theirs, lambda *_: True)) == []
    assert store.files.page(theirs) == []
    mine = list(store.search.notes(reading(practitioner), lambda *_: True))
    assert [each.note.id for each in mine if isinstance(each, Opened)] == [note.id]


def test_what_a_supervisor_recorded_becomes_the_workers(
    store: Store, arrival: Arrival, practitioner: Member, supervisor: Member
) -> None:
    note = supervised(store, replace(arrival, practitioner_id=supervisor.id))
    file(store, note, supervisor)
    recording = file(store, store.notes.get(note.id), practitioner)
    filed = store.notes.get(note.id)
    assert (filed.practitioner_id, recording.practitioner_id) == (practitioner.id,) * 2
    assert b"".join(store.recordings.open(recording.id)) == SAID
    assert store.own_records.notes(supervisor.id) == []


def test_the_same_recording_from_two_cases_stays_both_times(
    store: Store, arrival: Arrival, practitioner: Member
) -> None:
    once, again = (
        supervised(store, arrival),
        supervised(store, replace(arrival, scope=TEAM, case_id=None)),
    )
    for note in (once, again):
        recording = file(store, note, practitioner)
        assert b"".join(store.recordings.open(recording.id)) == SAID


def test_a_note_that_was_moved_or_changed_meanwhile_is_not_filed(
    store: Store, arrival: Arrival, practitioner: Member, supervisor: Member
) -> None:
    note = supervised(store, arrival)
    file(store, note, practitioner)
    with pytest.raises(ConflictError):
        store.assigning.file(note, store.own_records.of(supervisor.id), "test")
    now = store.notes.get(note.id)
    with store.database.write() as connection:
        store.notes.add_version(connection, now, b"more", practitioner.id, "draft")
    with pytest.raises(ConflictError):
        store.assigning.file(now, store.own_records.of(supervisor.id), "test")


def test_only_staff_have_an_own_record(store: Store, young_person: Member, case: Case) -> None:
    for nobody in (young_person.id, case.practitioner_id[::-1]):
        with pytest.raises(NotFoundError):
            store.own_records.of(nobody)


def test_an_own_record_is_erased_by_its_key_and_its_member_stays(
    store: Store, arrival: Arrival, practitioner: Member, case: Case
) -> None:
    note, other = supervised(store, arrival), supervised(store, arrival, b"of the case" * 999)
    recording = file(store, note, practitioner)
    hold = store.holds.place(practitioner.id, "a complaint", "test")
    with pytest.raises(HeldError):
        store.erasing.own_record(practitioner.id, "test")
    with pytest.raises(HeldError):
        store.erasing.recording(recording.id, "test")
    store.holds.release(hold, "it is over", "test")
    assert 0 < store.erasing.since("own record", practitioner.id) <= recording.received_at
    done = store.erasing.own_record(practitioner.id, "test")
    assert (done.kind, done.object) == ("own record", practitioner.id)
    assert store.erasing.own_record(practitioner.id, "test") == done
    assert store.own_records.notes(practitioner.id) == []
    assert [each.id for each in store.notes.all()] == [other.id]
    with pytest.raises(ErasedError):
        store.notes.version(note.id, 1)
    with pytest.raises(ErasedError):
        store.recordings.open(recording.id)
    with pytest.raises(ErasedError):
        store.assigning.file(other, store.own_records.of(practitioner.id), "test")
    assert len(list(store.vault.ids())) == 1
    assert store.people.get(practitioner.id) == practitioner
    assert store.cases.get(case.id) == case


def test_nobody_has_a_record_erased_that_was_never_begun(
    store: Store, practitioner: Member
) -> None:
    with pytest.raises(NotFoundError):
        store.erasing.own_record(practitioner.id, "test")


def test_a_note_that_is_said_to_lie_elsewhere_does_not_open(
    store: Store, arrival: Arrival, practitioner: Member, case: Case
) -> None:
    note = supervised(store, arrival)
    file(store, note, practitioner)
    for values in ({"scope": TEAM}, {"scope": case.id, "case_id": case.id}):
        with store.database.write() as connection:
            connection.execute(update(notes).where(notes.c.id == note.id).values(**values))
        with pytest.raises(TamperedError):
            store.notes.version(note.id, 1)


# --- legal holds ---


def test_what_is_filed_out_of_a_held_case_stays_held(
    store: Store, arrival: Arrival, practitioner: Member, case: Case
) -> None:
    one, two, free = (supervised(store, arrival, bytes([n]) * 999) for n in range(3))
    hold = store.holds.place(case.id, "an inquiry", "test")
    recording = file(store, one, practitioner)
    file(store, two, practitioner)
    ours, theirs = store.holds.all()
    assert (ours.id, theirs.case_id) == (hold, practitioner.id)
    assert theirs.reason == with_hold(hold)
    store.holds.release(hold, "over", "test")
    file(store, free, practitioner)
    assert store.holds.all() == [theirs]
    with pytest.raises(HeldError):
        store.erasing.own_record(practitioner.id, "test")
    with pytest.raises(HeldError):
        store.erasing.recording(recording.id, "test")
    store.holds.release(theirs.id, "over", "test")
    store.erasing.own_record(practitioner.id, "test")
    assert store.audit.verify()


def test_a_hold_whose_row_was_changed_keeps_what_it_holds_where_it_is(
    store: Store, arrival: Arrival, practitioner: Member, case: Case
) -> None:
    note = supervised(store, arrival)
    store.holds.place(case.id, "an inquiry", "test")
    with store.database.write() as connection:
        connection.execute(update(holds).values(released_at=1))
    with pytest.raises(TamperedError):
        file(store, note, practitioner)
    assert store.notes.get(note.id) == note


# --- keys and backups: see also tests/unit/store/backup/test_restore.py ---


def test_an_own_record_opens_after_a_rotation_of_the_root(
    store: Store, arrival: Arrival, practitioner: Member, tmp_path: Path, url: str
) -> None:
    note = supervised(store, arrival)
    recording = file(store, note, practitioner)
    keys = tmp_path / "keys"
    wrappers = {KeyFile.kind: KeyFile(keys)}
    custody = Custody(store.database, KeyStore(keys), wrappers)
    custody.rotate(
        store.audit, lambda old: [(wrappers[e.kind], e.params) for e in old.entries], None, "test"
    )
    with closing(connect(url, tmp_path / "vault", keys)) as again:
        assert again.notes.version(note.id, 1).payload == b"words"
        assert b"".join(again.recordings.open(recording.id)) == SAID
        assert again.own_records.of(practitioner.id) == practitioner.id


def test_an_erased_one_that_is_put_back_is_found(store: Store, practitioner: Member) -> None:
    scope = store.own_records.of(practitioner.id)
    mine = identities.c.id == scope
    with store.database.read() as connection:
        kept = connection.execute(select(identities).where(mine)).mappings().one()
    store.erasing.own_record(practitioner.id, "test")
    assert store.audit.verify()
    with store.database.write() as connection:
        connection.execute(update(identities).where(mine).values(**kept))
    with pytest.raises(TamperedError, match="was erased and put back"):
        store.audit.verify()
