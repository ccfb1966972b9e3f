from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from store import strays
from store.cases import Case
from store.errors import StoreError
from store.receiving import open_receiving
from store.records import Arrival
from store.session import now_ms
from store.store import Store
from store.strays import GRACE_MS, Lost
from store.tables import orphans
from store.vault import new_id


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The time that sweeps go by; changed in place."""
    time = [now_ms()]
    monkeypatch.setattr(strays, "now_ms", lambda: time[0])
    return time


def orphan(store: Store) -> str:
    blob = new_id()
    store.vault.put(blob, [b"left by a crash"])
    return blob


def test_an_orphan_is_removed_after_a_day_and_not_before(store: Store, clock: list[int]) -> None:
    blob = orphan(store)
    assert store.strays.sweep() == 0
    clock[0] += GRACE_MS - 1
    assert store.strays.sweep() == 0
    assert store.strays.orphans() == {blob}
    clock[0] += 1
    assert store.strays.sweep() == 1
    assert list(store.vault.ids()) == []
    assert store.strays.orphans() == set()
    last = [*store.audit.events()][-1]
    assert (last.action, last.object) == ("orphan blob removed", blob)
    with store.database.read() as connection:
        assert connection.execute(select(orphans)).all() == []


def test_an_orphan_that_was_never_noted_is_never_removed(store: Store, clock: list[int]) -> None:
    clock[0] += 10 * GRACE_MS
    orphan(store)
    assert store.strays.sweep() == 0
    assert len(list(store.vault.ids())) == 1


def test_what_a_row_names_is_no_orphan(
    store: Store, arrival: Arrival, tmp_path: Path, clock: list[int]
) -> None:
    store.recordings.register(store.recordings.seal(arrival.scope, [b"said"]), arrival)
    url = store.database.engine.url.render_as_string(hide_password=False)
    receiving = open_receiving(url, tmp_path / "vault", tmp_path / "receive.json")
    receiving.leave(receiving.seal([b"waits"]), "e" * 64, b"where")
    receiving.close()
    for _ in range(3):
        assert store.strays.sweep() == 0
        clock[0] += GRACE_MS
    assert store.strays.orphans() == set()
    assert store.strays.lost() == []
    assert len(list(store.vault.ids())) == 2


def test_one_that_is_registered_after_it_was_noted_stays(
    store: Store, arrival: Arrival, clock: list[int]
) -> None:
    sealed = store.recordings.seal(arrival.scope, [b"slow"])
    assert store.strays.sweep() == 0
    recording, _ = store.recordings.register(sealed, arrival)
    clock[0] += 2 * GRACE_MS
    assert store.strays.sweep() == 0
    assert b"".join(store.recordings.open(recording.id)) == b"slow"


def test_a_row_without_its_blob_is_told(store: Store, arrival: Arrival) -> None:
    first = store.recordings.seal(arrival.scope, [b"one"])
    one, _ = store.recordings.register(first, arrival)
    store.recordings.register(store.recordings.seal(arrival.scope, [b"two"]), arrival)
    store.vault.delete(first.blob)
    assert store.strays.lost() == [Lost("recordings", one.id)]


def test_what_was_erased_is_not_lost(store: Store, arrival: Arrival, case: Case) -> None:
    store.recordings.register(store.recordings.seal(arrival.scope, [b"one"]), arrival)
    store.erasing.case(case.id, "test")
    assert store.strays.lost() == []
    assert store.strays.orphans() == set()


def test_a_vault_full_of_orphans_is_left_alone(store: Store, clock: list[int]) -> None:
    for _ in range(101):
        orphan(store)
    store.strays.sweep()
    clock[0] += GRACE_MS
    with pytest.raises(StoreError, match="too many"):
        store.strays.sweep()
    assert len(list(store.vault.ids())) == 101
