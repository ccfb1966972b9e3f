"""What is not a command's business: arrivals, rows that change meanwhile, many pages of rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from store import age, inventory
from store.errors import NotFoundError, TamperedError
from store.inventory import CLOSED, MISSING, Look
from store.receiving import Receiving, open_receiving
from store.records import Arrival, Recording
from store.store import Store
from store.tables import recordings

CONTENT = random.Random(6).randbytes(2 * age.CHUNK + 99)


@pytest.fixture
def receiving(store: Store, tmp_path: Path) -> Iterator[Receiving]:
    url = store.database.engine.url.render_as_string(hide_password=False)
    made = open_receiving(url, tmp_path / "vault", tmp_path / "receive.json")
    yield made
    made.close()


@pytest.fixture
def recording(store: Store, arrival: Arrival) -> Recording:
    return store.recordings.register(store.recordings.seal(arrival.scope, [CONTENT]), arrival)[0]


def blob(tmp_path: Path) -> Path:
    (found,) = [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]
    return found


def faults(looks: Iterator[Look]) -> list[str | None]:
    return [look.fault for look in looks]


def test_what_waits_is_looked_at_as_well(
    store: Store, receiving: Receiving, tmp_path: Path
) -> None:
    receiving.leave(receiving.seal([CONTENT]), "e" * 64, b"about")
    receiving.tell(b"how the folder stands")  # word without a file
    path = blob(tmp_path)
    whole = path.read_bytes()
    assert faults(store.inventory.arrivals(deep=True)) == [None, None]
    path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    assert faults(store.inventory.arrivals()) == [None, None]
    assert sorted(faults(store.inventory.arrivals(deep=True)), key=str) == [None, CLOSED]
    path.unlink()
    assert sorted(faults(store.inventory.arrivals()), key=str) == [None, MISSING]


def test_every_row_is_looked_at_once_however_many_there_are(
    store: Store, arrival: Arrival, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "_PAGE", 3)
    made = {
        store.recordings.register(store.recordings.seal(arrival.scope, [bytes([each])]), arrival)[
            0
        ].id
        for each in range(10)
    }
    looks = list(store.inventory.recordings(deep=True))
    assert [look.id for look in looks] == sorted(made)
    assert faults(iter(looks)) == [None] * 10


def test_a_recording_mended_meanwhile_is_no_fault(
    store: Store, arrival: Arrival, recording: Recording, tmp_path: Path
) -> None:
    """The row in hand is the one of before, and its blob is gone."""
    with store.database.read() as connection:
        before = inventory._row(connection, recording.id)
    blob(tmp_path).write_bytes(b"short")
    again = store.recordings.seal(arrival.scope, [CONTENT])
    assert store.recordings.register(again, arrival)[0].id == recording.id
    store.vault.delete(before.blob)
    look = store.inventory._looked(before, deep=True)
    assert look == Look("recording", recording.id, again.payload_size, None)


def test_a_recording_erased_meanwhile_is_not_spoken_of(store: Store, recording: Recording) -> None:
    with store.database.read() as connection:
        before = inventory._row(connection, recording.id)
    store.erasing.recording(recording.id, "test")
    assert store.inventory._looked(before, deep=True) is None


@pytest.mark.parametrize("deep", [False, True])
def test_a_fault_is_told_once_a_look(
    store: Store, recording: Recording, tmp_path: Path, *, deep: bool
) -> None:
    blob(tmp_path).write_bytes(b"short")
    assert faults(store.inventory.recordings(deep=deep)) == ["other size"]
    assert _told(store) == [recording.id]
    with store.database.write() as connection:
        connection.execute(update(recordings).values(sealed=bytes(400)))
    assert faults(store.inventory.recordings(deep=deep)) == ["its row does not open"]
    assert _told(store) == [recording.id] * 2


def test_a_whole_look_tells_nothing(store: Store, recording: Recording) -> None:
    assert faults(store.inventory.recordings(deep=True)) == [None]
    assert recording.id not in _told(store)


def test_an_age_file_of_another_header_or_size_gives_out_nothing(
    store: Store, recording: Recording, tmp_path: Path
) -> None:
    path = blob(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(TamperedError):
        next(store.inventory.age_file(recording.id))
    path.unlink()
    with pytest.raises(NotFoundError):
        next(store.inventory.age_file(recording.id))
    with pytest.raises(NotFoundError):
        next(store.inventory.age_file("nothing"))


def _told(store: Store) -> list[str]:
    return [each.object for each in store.audit.events() if each.action == "tampering found"]
