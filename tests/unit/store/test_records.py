from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from store import age
from store.cases import Case, CaseDetails
from store.errors import ConflictError, ErasedError, NotFoundError, StoreError, TamperedError
from store.people import Member
from store.records import PROBED, QUARANTINED, RECEIVED, TRANSCRIBED, Arrival
from store.session import now_ms
from store.store import Store
from store.tables import recordings

CONTENT = random.Random(3).randbytes(3 * age.CHUNK + 17)


def test_a_sealed_file_opens_to_what_was_read(store: Store, arrival: Arrival) -> None:
    sealed = store.recordings.seal(arrival.scope, [CONTENT])
    recording, new = store.recordings.register(sealed, arrival)
    assert new
    assert (recording.state, recording.size) == (RECEIVED, len(CONTENT))
    assert b"".join(store.recordings.open(recording.id)) == CONTENT


def test_the_same_bytes_in_one_case_are_one_recording(store: Store, arrival: Arrival) -> None:
    first, _ = store.recordings.register(store.recordings.seal(arrival.scope, [CONTENT]), arrival)
    again, new = store.recordings.register(
        store.recordings.seal(arrival.scope, [CONTENT]), replace(arrival, name="copy.wav")
    )
    assert (again.id, new) == (first.id, False)
    assert len(list(store.vault.ids())) == 1


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_a_damaged_recording_is_mended_when_its_bytes_come_again(
    store: Store, arrival: Arrival, tmp_path: Path, damage: str
) -> None:
    recording, _ = store.recordings.register(
        store.recordings.seal(arrival.scope, [CONTENT]), arrival
    )
    (blob,) = [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]
    data = blob.read_bytes()
    flipped = data[:70_000] + bytes([data[70_000] ^ 1]) + data[70_001:]
    blob.unlink()
    if damage != "gone":
        blob.write_bytes({"flipped": flipped, "cut": data[:-1]}[damage])
    again, new = store.recordings.register(
        store.recordings.seal(arrival.scope, [CONTENT]), replace(arrival, name="copy.wav")
    )
    assert (again.id, new) == (recording.id, False)
    assert b"".join(store.recordings.open(recording.id)) == CONTENT
    assert store.recordings.details(recording.id).name == "note.wav"
    assert [e.action for e in store.audit.events()][-1] == "recording mended"
    assert store.audit.verify()


def test_a_recording_whose_row_was_changed_is_not_mended_and_nothing_goes(
    store: Store, arrival: Arrival
) -> None:
    recording, _ = store.recordings.register(
        store.recordings.seal(arrival.scope, [CONTENT]), arrival
    )
    with store.database.write() as connection:
        connection.execute(update(recordings).values(practitioner_id="somebody else"))
    with pytest.raises(TamperedError):
        store.recordings.register(store.recordings.seal(arrival.scope, [CONTENT]), arrival)
    assert len(list(store.vault.ids())) == 2
    assert store.recordings.get(recording.id).id == recording.id


def test_the_same_bytes_in_two_cases_are_two_recordings(
    store: Store, arrival: Arrival, practitioner: Member
) -> None:
    other = store.cases.add(CaseDetails("EV-2", "Sam"), practitioner.id, "test")
    elsewhere = replace(arrival, scope=other.id, case_id=other.id)
    for each in (arrival, elsewhere):
        assert store.recordings.register(store.recordings.seal(each.scope, [CONTENT]), each)[1]
    assert len(list(store.vault.ids())) == 2


def test_a_source_that_fails_leaves_nothing(store: Store, arrival: Arrival) -> None:
    def failing() -> object:
        yield b"x"
        raise OSError("gone")

    with pytest.raises(Exception, match="gone"):
        store.recordings.seal(arrival.scope, failing())  # type: ignore[arg-type]
    assert list(store.vault.ids()) == []
    assert store.recordings.all() == []


def test_a_blob_swapped_for_another_is_refused(store: Store, arrival: Arrival) -> None:
    one, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"a" * 500]), arrival)
    two, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"b" * 500]), arrival)
    _swap(store, one.id, two.id, "blob")
    with pytest.raises(StoreError):
        list(store.recordings.open(one.id))


def test_a_header_swapped_for_another_is_refused(store: Store, arrival: Arrival) -> None:
    one, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"a" * 500]), arrival)
    two, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"b" * 500]), arrival)
    _swap(store, one.id, two.id, "header")
    with pytest.raises(TamperedError):
        store.recordings.open(one.id)


def test_a_blob_cut_short_is_refused(store: Store, arrival: Arrival, tmp_path: Path) -> None:
    recording, _ = store.recordings.register(
        store.recordings.seal(arrival.scope, [CONTENT]), arrival
    )
    (blob,) = [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]
    blob.write_bytes(blob.read_bytes()[:-1])
    with pytest.raises(TamperedError):
        store.recordings.open(recording.id)


def test_a_stage_takes_effect_once(store: Store, arrival: Arrival) -> None:
    recording, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"a"]), arrival)
    with store.database.write() as connection:
        store.recordings.advance(connection, recording, PROBED)
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.recordings.advance(connection, recording, PROBED)
    assert store.recordings.get(recording.id).state == PROBED


def test_a_failed_commit_keeps_neither_transcript_nor_state(store: Store, arrival: Arrival) -> None:
    recording, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"a"]), arrival)
    stale = replace(recording, state=PROBED)
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.recordings.keep_transcript(connection, stale, b"words")
        store.recordings.advance(connection, stale, TRANSCRIBED)
    assert store.recordings.transcript(recording.id) is None


def test_what_is_postponed_is_not_due_yet(store: Store, arrival: Arrival) -> None:
    recording, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"a"]), arrival)
    assert [each.id for each in store.recordings.due([RECEIVED])] == [recording.id]
    store.recordings.postpone(recording, "Stalled", now_ms() + 60_000)
    assert store.recordings.due([RECEIVED]) == []
    assert store.recordings.get(recording.id).attempts == 1


def test_what_is_quarantined_keeps_its_original(store: Store, arrival: Arrival) -> None:
    recording, _ = store.recordings.register(
        store.recordings.seal(arrival.scope, [CONTENT]), arrival
    )
    store.recordings.quarantine(recording, "NoSound")
    found = store.recordings.get(recording.id)
    assert (found.state, found.reason) == (QUARANTINED, "NoSound")
    assert b"".join(store.recordings.open(recording.id)) == CONTENT


def test_an_erased_case_opens_no_more(store: Store, arrival: Arrival, case: Case) -> None:
    recording, _ = store.recordings.register(
        store.recordings.seal(arrival.scope, [CONTENT]), arrival
    )
    store.erasing.case(case.id, "test")
    with pytest.raises(ErasedError):
        store.recordings.open(recording.id)
    assert list(store.vault.ids()) == []


def test_an_unknown_recording_is_not_found(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.recordings.get("nothing")


def _swap(store: Store, one: str, two: str, column: str) -> None:
    with store.database.write() as connection:
        rows = {row.id: getattr(row, column) for row in connection.execute(recordings.select())}
        for target, origin in ((one, two), (two, one)):
            connection.execute(
                update(recordings).where(recordings.c.id == target).values({column: rows[origin]})
            )
