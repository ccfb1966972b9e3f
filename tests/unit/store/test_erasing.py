from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from store.cases import Case, CaseDetails
from store.errors import ConflictError, ErasedError, NotFoundError, StoreError
from store.journal import SEALED, Look
from store.notes import Note
from store.people import Member
from store.records import ERASED, PROBED, Arrival, Recording
from store.store import Store, connect
from store.tables import TEAM, erasures, recordings, sightings, transcripts
from store.vault import LocalVault
from tests.databases import on_sqlite

WORDS = b"what was said" * 9000


@pytest.fixture
def recording(store: Store, arrival: Arrival) -> Recording:
    """A recording that was heard, and seen in a folder."""
    found, _ = store.recordings.register(store.recordings.seal(arrival.scope, [WORDS]), arrival)
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, found, b"heard")
        store.recordings.advance(connection, found, PROBED)
    store.journal.note(
        Look("amara/note.wav", arrival.scope, None, SEALED, 1, recording_id=found.id)
    )
    return store.recordings.get(found.id)


def test_a_recording_is_erased_with_what_was_heard_and_where_it_lay(
    store: Store, recording: Recording
) -> None:
    done = store.erasing.recording(recording.id, "test")
    assert (done.kind, done.object) == ("recording", recording.id)
    assert store.erasing.all() == [done]
    assert list(store.vault.ids()) == []
    assert store.recordings.all() == []
    assert store.recordings.transcript(recording.id) is None
    for opened in (store.recordings.open, store.recordings.details):
        with pytest.raises(ErasedError):
            opened(recording.id)
    with store.database.read() as connection:
        row = connection.execute(select(recordings)).one()
        assert connection.scalar(select(transcripts.c.recording_id)) is None
        assert connection.scalar(select(sightings.c.id)) is None
    assert (row.state, row.size, row.blob, row.header, row.sealed) == (ERASED, 0, "", b"", b"")
    assert row.tag == row.id


def test_nothing_works_on_an_erased_recording(store: Store, recording: Recording) -> None:
    store.erasing.recording(recording.id, "test")
    assert store.recordings.due([PROBED, ERASED]) == []
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.recordings.keep_transcript(connection, recording, b"heard late")
        store.recordings.advance(connection, recording, "transcribed")
    with pytest.raises(ConflictError):
        store.recordings.quarantine(recording, "NoSound")
    for again in (store.recordings.cancel, store.recordings.retry):
        with pytest.raises(ConflictError):
            again(recording.id, "test")
    store.recordings.postpone(recording, "Stalled", 0)
    assert store.recordings.get(recording.id).attempts == 0
    assert store.recordings.transcript(recording.id) is None


def test_notes_keep_the_words_that_were_drawn_from_an_erased_recording(
    store: Store, recording: Recording, practitioner: Member
) -> None:
    new = Note("", recording.scope, recording.case_id, practitioner.id, "case_note", "d", 0, 1, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"her words", None)
        store.recordings.advance(connection, recording, "drafted", note_id=note_id)
    store.erasing.recording(recording.id, "test")
    assert store.notes.version(note_id, 1).payload == b"her words"
    assert store.recordings.of_note(note_id) == []


def test_the_same_file_sent_again_is_a_new_recording(
    store: Store, recording: Recording, arrival: Arrival
) -> None:
    store.erasing.recording(recording.id, "test")
    again, new = store.recordings.register(store.recordings.seal(arrival.scope, [WORDS]), arrival)
    assert new
    assert again.id != recording.id
    assert b"".join(store.recordings.open(again.id)) == WORDS


def test_a_recording_of_no_case_is_erased_too(store: Store, arrival: Arrival) -> None:
    loose = replace(arrival, scope=TEAM, case_id=None)
    found, _ = store.recordings.register(store.recordings.seal(TEAM, [WORDS]), loose)
    store.erasing.recording(found.id, "test")
    assert store.recordings.all() == []


def test_erasing_twice_gives_the_same_certificate(
    store: Store, case: Case, recording: Recording
) -> None:
    first = store.erasing.recording(recording.id, "test")
    assert store.erasing.recording(recording.id, "somebody else") == first
    whole = store.erasing.case(case.id, "test")
    assert store.erasing.case(case.id, "somebody else") == whole
    assert {*store.erasing.all()} == {first, whole}  # in one millisecond, in either order
    told = [event.action for event in store.audit.events()]
    assert [told.count("recording erased"), told.count("case erased")] == [1, 1]
    assert store.erasing.recording(recording.id, "test") == first


def test_what_is_not_there_is_not_erased(store: Store, case: Case, recording: Recording) -> None:
    for erase in (store.erasing.case, store.erasing.recording):
        with pytest.raises(NotFoundError):
            erase(TEAM, "test")
    whole = store.erasing.case(case.id, "test")
    # It has a certificate of its own: a backup may hold it from before it was in the case.
    its = store.erasing.recording(recording.id, "somebody else")
    assert (its.kind, its.actor) == ("recording", "test")
    assert {each.id for each in store.erasing.all()} == {whole.id, its.id}


def test_nothing_is_sealed_to_an_erased_case_any_more(store: Store, case: Case) -> None:
    store.erasing.case(case.id, "test")
    with pytest.raises(ErasedError):
        store.recordings.seal(case.id, [WORDS])
    assert list(store.vault.ids()) == []


@pytest.mark.parametrize("kind", ["case", "recording"])
def test_what_a_crash_left_of_an_erasure_is_removed_by_the_next_run(
    store: Store,
    case: Case,
    recording: Recording,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PowerCut(BaseException):
        """Nobody catches it."""

    def cut(*_: object) -> None:
        raise PowerCut

    erase, object_id = {
        "case": (store.erasing.case, case.id),
        "recording": (store.erasing.recording, recording.id),
    }[kind]
    with monkeypatch.context() as patch:
        patch.setattr(LocalVault, "delete", cut)
        with pytest.raises(PowerCut):
            erase(object_id, "test")
    assert len(list(store.vault.ids())) == 1
    store.close()

    later = connect(str(store.database.engine.url), tmp_path / "vault", tmp_path / "keys")
    assert later.erasing.sweep() == (store.database.engine.dialect.name == "sqlite")
    assert list(later.vault.ids()) == []
    objects = {each.object for each in later.erasing.all()}
    assert objects == {recording.id, object_id}
    later.close()


@pytest.mark.usefixtures("recording")
def test_what_was_written_while_its_case_was_erased_goes_with_the_next_sweep(
    store: Store, case: Case
) -> None:
    with store.database.read() as connection:
        late = connection.execute(select(recordings)).one()._asdict()
    store.vault.put("ab" * 16, [b"noise"])
    store.erasing.case(case.id, "test")
    with store.database.write() as connection:
        late |= {"id": "late", "tag": "late", "blob": "ab" * 16}
        connection.execute(insert(recordings).values(**late))
    assert store.recordings.all() == []
    assert store.recordings.due([PROBED]) == []
    store.erasing.sweep()
    assert list(store.vault.ids()) == []
    assert store.recordings.get("late").state == ERASED


@on_sqlite
def test_old_copies_of_rows_are_reported_while_somebody_reads(
    store: Store, recording: Recording
) -> None:
    with store.database.read() as reading:
        reading.exec_driver_sql("PRAGMA busy_timeout=0")
        reading.execute(select(recordings.c.id)).all()
        with store.database.engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout=0")  # kept by the connection it is pooled as
        store.erasing.recording(recording.id, "test")
        assert not store.erasing.sweep()
    assert store.erasing.sweep()


def test_a_backup_may_hold_what_is_older_than_the_case_it_was_given_to(
    store: Store, case: Case, recording: Recording, practitioner: Member
) -> None:
    assert store.erasing.since("recording", recording.id) == recording.received_at
    with store.database.write() as connection:
        connection.execute(update(recordings).values(received_at=77))
    assert store.erasing.since("case", case.id) == 77
    bare = store.cases.add(CaseDetails("EV-2", "Sam"), practitioner.id, "test")
    assert store.erasing.since("case", bare.id) > 77


@pytest.mark.usefixtures("recording")
def test_a_vault_that_cannot_be_reached_leaves_the_erasure_done_and_says_so(
    store: Store, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreError("the vault does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(LocalVault, "delete", away)
        with pytest.raises(StoreError, match="does not answer"):
            store.erasing.case(case.id, "test")
    assert store.recordings.all() == []
    assert {each.kind for each in store.erasing.all()} == {"case", "recording"}
    store.erasing.case(case.id, "test")
    assert list(store.vault.ids()) == []


@pytest.mark.parametrize(
    ("erased", "planted"), [("case",) * 2, ("recording",) * 2, ("case", "recording")]
)
def test_a_certificate_that_somebody_planted_saves_nothing_from_being_erased(
    store: Store, case: Case, recording: Recording, erased: str, planted: str
) -> None:
    ids = {"case": case.id, "recording": recording.id}
    false = {"id": "f" * 32, "kind": planted, "object": ids[planted], "actor": "nobody", "at": 1}
    with store.database.write() as connection:
        connection.execute(insert(erasures).values(**false))
    done = {"case": store.erasing.case, "recording": store.erasing.recording}[erased](
        ids[erased], "test"
    )
    assert done in store.erasing.all()
    assert {each.actor for each in store.erasing.all()} == {"test"}
    told = [(event.action, event.object) for event in store.audit.events()]
    assert ("tampering found", ids[planted]) in told
    assert told[-1] == (f"{erased} erased", ids[erased])
    with pytest.raises(ErasedError):
        store.recordings.open(recording.id)
