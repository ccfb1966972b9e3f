from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
from sqlalchemy import insert, select, update

from store.derived import New
from store.disposal import GONE, SOUND, TRANSCRIPT, VERSION, Disposal, Judged, Thing
from store.errors import (
    AuditError,
    ConflictError,
    HeldError,
    SoundErasedError,
    TamperedError,
)
from store.keepsakes import PICTURE
from store.notes import Note
from store.original import CopyDetails
from store.people import Member
from store.records import DRAFTED, TRANSCRIBED, Arrival, Recording
from store.session import now_ms
from store.store import Store
from store.tables import disposals, note_versions, recordings

WORDS = b"what was said" * 9000
SAID = b"said of it"


@pytest.fixture
def recording(store: Store, arrival: Arrival) -> Recording:
    """A recording with a transcript and an approved note of two versions."""
    found, _ = store.recordings.register(store.recordings.seal(arrival.scope, [WORDS]), arrival)
    note = Note(
        "", found.scope, found.case_id, found.practitioner_id, "case_note", "draft", 0, 1, 0
    )
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, found, b"heard")
        store.recordings.advance(connection, found, TRANSCRIBED)
        note_id = store.notes.create(connection, note, b"first draft", None)
    found, made = store.recordings.get(found.id), store.notes.get(note_id)
    with store.database.write() as connection:
        store.recordings.advance(connection, found, DRAFTED, note_id=note_id)
        store.notes.add_version(connection, made, b"approved", found.practitioner_id, "approved")
    found = store.recordings.get(found.id)
    sealed = store.recordings.seal(found.scope, [b"a copy"])
    details = CopyDetails.of(sealed, "image/jpeg", 4, 3)
    store.makings.keep(found, [New("copy", 1, sealed, details)])
    return found


def _judged(store: Store, recording: Recording) -> Judged:
    assert recording.note_id is not None
    notes = store.disposing.standing([recording.note_id])
    kept = frozenset({recording.id})
    return Judged(notes, frozenset({recording.scope}), now_ms(), kept)


def _gone(store: Store, recording: Recording) -> Disposal:
    thing = Thing(SOUND, recording.id, "sound")
    store.disposing.tell([thing])
    (done,) = store.disposing.sounds([thing], _judged(store, recording), "test")
    store.erasing.sweep()
    return done


def test_the_sound_goes_with_all_that_was_made_of_it_and_what_was_heard_stays(
    store: Store, recording: Recording
) -> None:
    blob = store.recordings.details(recording.id).payload_sha256
    done = _gone(store, recording)
    assert (done.kind, done.object, done.rule, done.actor) == (
        SOUND,
        recording.id,
        "sound",
        "test",
    )
    assert (done.sha256, done.size) == (blob, store.recordings.details(recording.id).payload_size)
    assert list(store.vault.ids()) == []
    assert store.disposing.all() == [done]
    assert store.disposing.told() == {}
    with pytest.raises(SoundErasedError):
        store.recordings.open(recording.id)
    assert store.recordings.transcript(recording.id) == b"heard"
    found = store.recordings.get(recording.id)
    assert (found.state, found.gone_at, found.gone_by) == (DRAFTED, done.at, "sound")
    assert store.makings.of(recording.id) == []
    assert store.makings.due(["audio"]) == []
    standing = store.makings.standing(recording.id)
    assert standing is not None
    assert standing.reason == GONE
    assert store.audit.verify() > 0
    assert store.examination.run().failures == []
    assert [look.fault for look in store.inventory.recordings(deep=True)] == [None]
    assert store.strays.lost() == []


def test_the_same_bytes_sent_again_do_not_bring_it_back(
    store: Store, recording: Recording, arrival: Arrival
) -> None:
    _gone(store, recording)
    again, new = store.recordings.register(store.recordings.seal(arrival.scope, [WORDS]), arrival)
    assert (again.id, new) == (recording.id, False)
    assert list(store.vault.ids()) == []
    with pytest.raises(ConflictError):
        store.recordings.retry(recording.id, "test")


def test_a_row_put_back_to_before_it_went_is_found(store: Store, recording: Recording) -> None:
    mine = recordings.c.id == recording.id
    with store.database.read() as connection:
        before = connection.execute(select(recordings).where(mine)).one()._mapping
    _gone(store, recording)
    with store.database.write() as connection:
        connection.execute(update(recordings).where(mine).values(**before))
    assert store.disposing.all() == []  # a certificate of what is there is none
    with pytest.raises((AuditError, TamperedError)):
        store.audit.verify()


def test_that_it_went_is_not_to_be_said_by_a_row_alone(store: Store, recording: Recording) -> None:
    with store.database.write() as connection:
        connection.execute(update(recordings).values(gone_at=5, gone_by="sound"))
    with pytest.raises(TamperedError):
        store.recordings.open(recording.id)


def _hold(store: Store, recording: Recording) -> None:
    store.holds.place(recording.scope, "a court asks", "test")


def _keep(store: Store, recording: Recording) -> None:
    assert recording.note_id is not None
    what = (PICTURE, recording.id, "")
    store.young.keepsakes.keep("f" * 32, recording.scope, recording.note_id, what)


def _open(store: Store, recording: Recording) -> None:
    store.emergencies.open(recording.scope, recording.practitioner_id, "missing", 60_000)


def _say(store: Store, recording: Recording) -> None:
    assert recording.note_id is not None
    store.notes.reply(store.notes.get(recording.note_id), 2, "f" * 32, b"that is not right")


def _change(store: Store, recording: Recording) -> None:
    assert recording.note_id is not None
    with store.database.write() as connection:
        note = store.notes.get(recording.note_id)
        store.notes.add_version(connection, note, b"more", recording.practitioner_id, "draft")


def _retell(store: Store, _: Recording) -> None:
    store.disposing.tell([])


@pytest.mark.parametrize("happens", [_hold, _keep, _open, _say, _change, _retell])
def test_what_happens_between_the_rule_and_the_erasing_stops_it(
    store: Store, recording: Recording, happens: Callable[[Store, Recording], None]
) -> None:
    thing = Thing(SOUND, recording.id, "sound")
    store.disposing.tell([thing])
    judged = _judged(store, recording)
    happens(store, recording)
    with pytest.raises((ConflictError, HeldError)):
        store.disposing.sounds([thing], judged, "test")
    assert b"".join(store.recordings.open(recording.id)) == WORDS
    assert store.disposing.all() == []


def test_nothing_goes_that_was_not_told_of_long_enough(store: Store, recording: Recording) -> None:
    thing, judged = Thing(SOUND, recording.id, "sound"), _judged(store, recording)
    with pytest.raises(ConflictError):
        store.disposing.sounds([thing], judged, "test")
    store.disposing.tell([thing])
    with pytest.raises(ConflictError):
        store.disposing.sounds([thing], replace(judged, told_before=0), "test")
    assert store.recordings.get(recording.id).gone_at is None


def test_what_was_told_keeps_its_time_until_it_is_told_of_no_longer(
    store: Store, recording: Recording
) -> None:
    thing = Thing(SOUND, recording.id, "sound")
    store.disposing.tell([thing])
    first = store.disposing.told()
    store.disposing.tell([thing, Thing(TRANSCRIPT, recording.id, "transcripts")])
    assert store.disposing.told()[thing] == first[thing]
    other = replace(thing, rule="failed")
    store.disposing.tell([other])
    assert list(store.disposing.told()) == [other]


def test_a_draft_goes_and_who_wrote_it_stays(store: Store, recording: Recording) -> None:
    assert recording.note_id is not None
    query = select(note_versions.c.id).where(note_versions.c.number == 1)
    with store.database.read() as connection:
        draft = connection.scalars(query).one()
        last = connection.scalars(query.where(note_versions.c.number == 2)).all()
    assert last == []
    thing = Thing(VERSION, draft, "drafts")
    store.disposing.tell([thing])
    store.disposing.versions([thing], _judged(store, recording), "test")
    first, second = store.notes.versions(recording.note_id, 2)
    assert (first.payload, second.payload) == (b"", b"approved")
    assert store.notes.authors(recording.note_id, 2) == [None, recording.practitioner_id]
    assert store.audit.verify() > 0
    assert store.examination.run().failures == []


def test_what_a_note_says_now_is_never_a_draft_of_it(store: Store, recording: Recording) -> None:
    query = select(note_versions.c.id).where(note_versions.c.number == 2)
    with store.database.read() as connection:
        thing = Thing(VERSION, connection.scalars(query).one(), "drafts")
    store.disposing.tell([thing])
    with pytest.raises(ConflictError):
        store.disposing.versions([thing], _judged(store, recording), "test")


def test_what_was_heard_goes_by_its_own_rule(store: Store, recording: Recording) -> None:
    thing = Thing(TRANSCRIPT, recording.id, "transcripts")
    store.disposing.tell([thing])
    (done,) = store.disposing.transcripts([thing], _judged(store, recording), "test")
    assert store.recordings.transcript(recording.id) is None
    assert store.disposing.all() == [done]


def test_a_false_certificate_is_none(store: Store, recording: Recording) -> None:
    false = Disposal("a" * 32, SOUND, recording.id, "sound", 1, "nobody", 2, 3, "f" * 64)
    with store.database.write() as connection:
        values = asdict(false)
        connection.execute(insert(disposals).values(**values))
    assert store.disposing.all() == []


def test_a_recording_without_its_sound_is_filed_elsewhere_and_erased(
    store: Store, recording: Recording, practitioner: Member
) -> None:
    _gone(store, recording)
    assert recording.note_id is not None
    store.own_records.of(practitioner.id)
    store.assigning.file(store.notes.get(recording.note_id), practitioner.id, "test")
    assert store.recordings.get(recording.id).scope == practitioner.id
    with pytest.raises(SoundErasedError):
        store.recordings.open(recording.id)
    store.erasing.recording(recording.id, "test")
    assert store.recordings.all() == []
