"""What a process without the root key takes in, and what one with it makes of that."""

from __future__ import annotations

import random
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from store import age
from store.arrivals import Waiting
from store.cases import Case
from store.errors import ConflictError, KeyUnavailableError, NotFoundError, TamperedError
from store.receiving import ADOPTED, REFUSED, SEALED, Memory, Receiving, open_receiving
from store.records import Arrival, Recording
from store.store import Store
from store.tables import TEAM, arrivals, identities

CONTENT = random.Random(5).randbytes(2 * age.CHUNK + 99)
ABOUT = b"amara/EV-1001/note.wav"
RECEIPT = "e" * 64


def url(store: Store) -> str:
    return store.database.engine.url.render_as_string(hide_password=False)


def start(store: Store, tmp_path: Path) -> Receiving:
    return open_receiving(url(store), tmp_path / "vault", tmp_path / "receive.json")


@pytest.fixture
def receiving(store: Store, tmp_path: Path) -> Iterator[Receiving]:
    made = start(store, tmp_path)
    yield made
    made.close()


def leave(receiving: Receiving, content: bytes = CONTENT, receipt: str = RECEIPT) -> None:
    receiving.leave(receiving.seal([content]), receipt, ABOUT)


def waiting(store: Store) -> Waiting:
    (arrival_id,) = store.arrivals.ids()
    return store.arrivals.open(arrival_id)


def adopt(store: Store, arrival: Arrival) -> tuple[Recording, bool]:
    found = waiting(store)
    assert found.sealed is not None
    with store.database.write() as connection:
        sealed = store.arrivals.given_to(connection, found.sealed, arrival.scope)
        recording_id, new = store.recordings.enter(connection, sealed, arrival)
        store.arrivals.settle(connection, found, ADOPTED)
    return store.recordings.get(recording_id), new


def test_what_was_left_is_what_is_found(store: Store, receiving: Receiving) -> None:
    leave(receiving)
    found = waiting(store)
    assert found.payload == ABOUT
    assert found.sealed is not None
    assert found.sealed.size == len(CONTENT)
    content = store.arrivals.content(found.id, found.sealed)
    assert content.read(0, content.size) == CONTENT


def test_an_adopted_arrival_is_a_recording_of_the_case(
    store: Store, receiving: Receiving, arrival: Arrival, case: Case
) -> None:
    leave(receiving)
    before = {blob: store.vault.read_at(blob, 0, 1 << 20) for blob in store.vault.ids()}
    recording, new = adopt(store, arrival)
    assert new
    assert recording.case_id == case.id
    assert b"".join(store.recordings.open(recording.id)) == CONTENT
    assert {b: store.vault.read_at(b, 0, 1 << 20) for b in store.vault.ids()} == before
    assert store.arrivals.ids() == []
    assert receiving.receipts() == {RECEIPT: ADOPTED}


def test_an_adopted_recording_is_erased_with_its_case(
    store: Store, receiving: Receiving, arrival: Arrival, case: Case
) -> None:
    leave(receiving)
    recording, _ = adopt(store, arrival)
    store.erasing.case(case.id, "test")
    assert recording.id not in {each.id for each in store.recordings.all()}
    assert list(store.vault.ids()) == []


def test_an_adoption_that_fails_leaves_it_waiting(
    store: Store, receiving: Receiving, arrival: Arrival
) -> None:
    leave(receiving)
    with pytest.raises(NotFoundError):
        adopt(store, replace(arrival, scope="f" * 32))
    assert store.recordings.all() == []
    assert adopt(store, arrival)[1]


def test_an_arrival_is_settled_once(store: Store, receiving: Receiving, arrival: Arrival) -> None:
    leave(receiving)
    found = waiting(store)
    adopt(store, arrival)
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.arrivals.settle(connection, found, REFUSED)
    assert receiving.receipts() == {RECEIPT: ADOPTED}


def test_the_same_bytes_again_are_the_same_recording(
    store: Store, receiving: Receiving, arrival: Arrival
) -> None:
    leave(receiving)
    first, _ = adopt(store, arrival)
    leave(receiving, receipt="f" * 64)
    again, new = adopt(store, arrival)
    assert (again.id, new) == (first.id, False)


def test_arrivals_keep_their_order_whatever_the_clock_does(
    store: Store, receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, moment in enumerate((5000, 5000, 4000, 6000)):
        monkeypatch.setattr("store.receiving.now_ms", lambda moment=moment: moment)
        receiving.leave(receiving.seal([b"x"]), str(number), str(number).encode())
    said = [store.arrivals.open(each).payload for each in store.arrivals.ids()]
    assert said == [b"0", b"1", b"2", b"3"]


def test_a_word_without_a_file_replaces_the_one_before(store: Store, receiving: Receiving) -> None:
    leave(receiving)
    receiving.tell(b"one file waits")
    receiving.tell(b"none waits")
    found = [store.arrivals.open(each) for each in store.arrivals.ids()]
    assert [(each.sealed is None, each.payload) for each in found] == [
        (False, ABOUT),
        (True, b"none waits"),
    ]


def test_fingerprints_are_kept_and_say_nothing(
    store: Store, receiving: Receiving, tmp_path: Path
) -> None:
    tag = receiving.fingerprint("amara/EV-1001/note.wav", "1:2:3:4")
    with closing(start(store, tmp_path)) as again:
        assert tag == again.fingerprint("amara/EV-1001/note.wav", "1:2:3:4")
    assert tag != receiving.fingerprint("amara/EV-1001/note.wav1", ":2:3:4")
    memory = tmp_path / "receive.json"
    assert stat.S_IMODE(memory.stat().st_mode) == 0o600
    memory.unlink()
    with closing(start(store, tmp_path)) as anew:
        assert tag != anew.fingerprint("amara/EV-1001/note.wav", "1:2:3:4")


def test_what_is_gone_is_forgotten(receiving: Receiving) -> None:
    leave(receiving, receipt="one")
    leave(receiving, receipt="two")
    receiving.forget(["one", "three"])
    assert receiving.receipts() == {"two": SEALED}


def test_nothing_is_sealed_to_a_key_that_was_put_there(
    store: Store, receiving: Receiving, tmp_path: Path
) -> None:
    leave(receiving)
    stranger = age.new_identity().recipient
    with store.database.write() as connection:
        connection.execute(
            update(identities).where(identities.c.id == TEAM).values(recipient=stranger.public)
        )
    with pytest.raises(TamperedError, match="public key"):
        start(store, tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{}", '{"format":"recorder receive 2","recipient":"x","key":""}', "\xff"]
)
def test_a_damaged_memory_is_refused(store: Store, tmp_path: Path, text: str) -> None:
    (tmp_path / "receive.json").write_text(text, encoding="latin-1")
    (tmp_path / "receive.json").chmod(0o600)
    with pytest.raises(KeyUnavailableError):
        start(store, tmp_path)


def test_the_memory_shows_nothing_of_itself() -> None:
    assert "secret" not in repr(Memory(recipient="age1", key=b"secret" * 6))


@pytest.mark.parametrize(
    "change",
    [
        {"received_at": 1},
        {"receipt": "f" * 64},
        {"receipt": None},
        {"version": 2},
        {"blob": "0" * 32},
        {"header": b"age-encryption.org/v1\n"},
        {"sealed": b"x"},
    ],
)
def test_a_changed_row_does_not_open(
    store: Store, receiving: Receiving, change: dict[str, Any]
) -> None:
    leave(receiving)
    with store.database.write() as connection:
        connection.execute(update(arrivals).values(**change))
    with pytest.raises(TamperedError):
        waiting(store)


def test_a_row_beside_another_ones_id_does_not_open(store: Store, receiving: Receiving) -> None:
    leave(receiving)
    with store.database.write() as connection:
        row = dict(connection.execute(select(arrivals)).mappings().one())
        connection.execute(insert(arrivals).values(**row | {"id": "0" * 32}))
    with pytest.raises(TamperedError):
        store.arrivals.open("0" * 32)


def test_another_blob_or_none_is_found(store: Store, receiving: Receiving) -> None:
    leave(receiving)
    (blob,) = store.vault.ids()
    store.vault.delete(blob)
    with pytest.raises(NotFoundError):
        waiting(store)
    store.vault.put(blob, [b"cut short"])
    with pytest.raises(TamperedError, match="blob"):
        waiting(store)
