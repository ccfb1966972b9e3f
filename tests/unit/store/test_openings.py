from __future__ import annotations

import pytest
from sqlalchemy import update

from store.errors import ConflictError, TamperedError
from store.openings import DUE, HEARD, UNHEARD
from store.receiving import ADOPTED
from store.records import LONGEST_WAIT_MS
from store.session import now_ms
from store.store import Store
from store.tables import TEAM, openings


@pytest.fixture
def arrival(store: Store) -> str:
    return left(store, b"a voice note")


def left(store: Store, content: bytes) -> str:
    sealed = store.recordings.seal(TEAM, [content])
    with store.database.write() as connection:
        return store.arrivals.leave(connection, sealed, b"stranger/a.wav")


def state(store: Store, arrival_id: str) -> tuple[str, str | None, str] | None:
    found = store.openings.of(arrival_id)
    return None if found is None else (found.state, found.reason, found.words)


def test_an_opening_is_due_once_and_then_kept(store: Store, arrival: str) -> None:
    assert store.openings.get(arrival) is None
    for _ in range(2):
        store.openings.want(arrival)
    assert [each.arrival_id for each in store.openings.due()] == [arrival]
    assert state(store, arrival) == (DUE, None, "")
    store.openings.keep(arrival, "Amara here.")
    assert state(store, arrival) == (HEARD, None, "Amara here.")
    assert store.openings.due() == []
    store.openings.want(arrival)
    assert state(store, arrival) == (HEARD, None, "Amara here.")
    with pytest.raises(ConflictError):
        store.openings.keep(arrival, "Ben here.")
    with pytest.raises(ConflictError):
        store.openings.give_up(arrival, "NoSpeech")
    assert store.audit.verify()


def test_what_cannot_be_heard_is_tried_later_or_not_at_all(store: Store, arrival: str) -> None:
    store.openings.want(arrival)
    store.openings.postpone(arrival, "Stalled", now_ms() + LONGEST_WAIT_MS // 2)
    assert store.openings.due() == []
    found = store.openings.get(arrival)
    assert found is not None
    assert (found.attempts, found.reason) == (1, "Stalled")
    store.openings.postpone(arrival, "Stalled", now_ms() + 3 * LONGEST_WAIT_MS)
    assert len(store.openings.due()) == 1  # a clock that was wrong put it there
    store.openings.give_up(arrival, "NoSpeech")
    assert state(store, arrival) == (UNHEARD, "NoSpeech", "")
    assert store.openings.due() == []


def test_an_opening_goes_with_its_arrival(store: Store, arrival: str) -> None:
    store.openings.want(arrival)
    with store.database.write() as connection:
        store.arrivals.settle(connection, store.arrivals.open(arrival), ADOPTED)
    assert store.openings.of(arrival) is None
    with pytest.raises(ConflictError):  # heard in vain
        store.openings.keep(arrival, "Amara here.")
    store.openings.want(arrival)
    assert store.openings.due() == []


def test_no_opening_stands_in_anothers_place(store: Store, arrival: str) -> None:
    other = left(store, b"another voice note")
    for each in (arrival, other):
        store.openings.want(each)
        store.openings.keep(each, each)
    with store.database.read() as connection:
        rows = {row.arrival_id: row for row in connection.execute(openings.select())}
    with store.database.write() as connection:
        mine = openings.c.arrival_id == arrival
        connection.execute(update(openings).where(mine).values(sealed=rows[other].sealed))
    with pytest.raises(TamperedError):
        store.openings.of(arrival)
    assert state(store, other) == (HEARD, None, other)


def test_a_file_is_left_with_the_root_key_as_without(store: Store, arrival: str) -> None:
    found = store.arrivals.open(arrival)
    assert found.payload == b"stranger/a.wav"
    assert found.receipt is None
    assert found.sealed is not None
    content = store.arrivals.content(arrival, found.sealed)
    assert content.read(0, content.size) == b"a voice note"
