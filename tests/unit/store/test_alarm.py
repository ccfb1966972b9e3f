from __future__ import annotations

import logging
import random
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, update

from store import age
from store.cases import Case, CaseDetails
from store.errors import TamperedError
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.store import Store
from store.tables import TEAM, audit_head, cases, note_versions, recordings

CONTENT = random.Random(3).randbytes(3 * age.CHUNK + 17)
NOISE = bytes(400)


@pytest.fixture
def recording(store: Store, arrival: Arrival) -> Recording:
    return store.recordings.register(store.recordings.seal(arrival.scope, [CONTENT]), arrival)[0]


def _found(store: Store) -> list[str]:
    """The objects that the audit log says were tampered with."""
    return [each.object for each in store.audit.events() if each.action == "tampering found"]


def _spoil(store: Store, case: Case) -> None:
    with store.database.write() as connection:
        connection.execute(update(cases).where(cases.c.id == case.id).values(sealed=NOISE))


def test_a_row_that_does_not_open_is_in_the_audit_log(store: Store, case: Case) -> None:
    _spoil(store, case)
    for number in range(1, 3):
        with pytest.raises(TamperedError):
            store.cases.get(case.id)
        assert _found(store) == [case.id] * number
    assert store.audit.verify()


def test_a_header_that_is_not_the_recordings_own_is_in_the_audit_log(
    store: Store, recording: Recording
) -> None:
    with store.database.write() as connection:
        connection.execute(update(recordings).values(header=b"age-encryption.org/v1\n"))
    with pytest.raises(TamperedError):
        store.recordings.open(recording.id)
    assert _found(store) == [recording.id]


@pytest.mark.parametrize("place", [0, -1, age.CHUNK + 40])
def test_a_chunk_that_does_not_open_is_in_the_audit_log_wherever_it_lies(
    store: Store, recording: Recording, tmp_path: Path, place: int
) -> None:
    (blob,) = [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]
    data = bytearray(blob.read_bytes())
    data[place] ^= 1
    blob.write_bytes(data)
    released: list[bytes] = []
    with pytest.raises(TamperedError):
        released.extend(store.recordings.open(recording.id))
    assert released == []
    assert _found(store) == [recording.id]


def test_what_is_found_in_a_transaction_is_told_once_that_was_undone(
    store: Store, case: Case, practitioner: Member
) -> None:
    new = Note("", TEAM, None, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"words", None)
        connection.execute(update(note_versions).values(sealed=NOISE))
        (version,) = connection.scalars(
            note_versions.select().with_only_columns(note_versions.c.id)
        )
    with pytest.raises(TamperedError):
        store.assigning.assign(store.notes.get(note_id), case.id, "test")
    assert _found(store) == [version]
    assert store.notes.get(note_id).case_id is None


def test_what_passes_through_several_transactions_is_told_once(store: Store, case: Case) -> None:
    _spoil(store, case)
    with pytest.raises(TamperedError), store.database.read():
        store.cases.get(case.id)
    with pytest.raises(TamperedError), store.database.write(), store.database.read():
        store.cases.get(case.id)
    assert _found(store) == [case.id, case.id]


def test_a_database_that_takes_no_event_hides_nothing(
    store: Store, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    _spoil(store, case)

    def read_only(connection: Connection) -> None:
        sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "PRAGMA query_only=ON" if sqlite else "SET LOCAL transaction_read_only = on"
        )

    event.listen(store.database.engine, "begin", read_only)
    with caplog.at_level(logging.ERROR), pytest.raises(TamperedError):
        store.cases.get(case.id)
    event.remove(store.database.engine, "begin", read_only)
    (record,) = caplog.records
    assert record.getMessage() == "tampering found and not audited"
    assert record.__dict__["object"] == case.id
    assert case.details.name not in str(record.__dict__)


def test_a_log_with_a_false_head_hides_nothing(store: Store, case: Case) -> None:
    _spoil(store, case)
    with store.database.write() as connection:
        connection.execute(update(audit_head).values(mac=bytes(32)))
    with pytest.raises(TamperedError):
        store.cases.get(case.id)


def test_what_is_whole_raises_no_alarm(store: Store, case: Case, recording: Recording) -> None:
    other = store.cases.add(CaseDetails("EV-2", "Sam"), case.practitioner_id, "test")
    assert store.cases.get(other.id) == other
    assert b"".join(store.recordings.open(recording.id)) == CONTENT
    assert _found(store) == []
