from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from store.captures import Capture, Chapter, Part
from store.errors import TamperedError
from store.records import CHAPTER, GATHERING, Arrival, Recording
from store.store import Store
from store.tables import captures

CAMERA = "ab" * 16


def _chapter(number: int) -> Capture:
    return Capture("telemetry", Chapter("GX0034", number, CAMERA, 1000))


@pytest.fixture
def film(store: Store, arrival: Arrival) -> list[Recording]:
    """Three files of one film, the last taken in first."""
    made = {}
    for number in (3, 1, 2):
        sealed = store.recordings.seal(arrival.scope, [bytes([number])])
        each, _ = store.recordings.register(sealed, replace(arrival, kind="video"))
        with store.database.write() as connection:
            store.recordings.advance(connection, each, GATHERING, length_ms=number * 1000)
            store.captures.keep(connection, each, _chapter(number))
        made[number] = store.recordings.get(each.id)
    return [made[number] for number in (1, 2, 3)]


def _join(store: Store, film: list[Recording]) -> None:
    first, *others = film
    with store.database.write() as connection:
        for number, each in enumerate(others, start=2):
            store.recordings.advance(connection, each, CHAPTER)
            store.captures.join(connection, Part(each, None, _chapter(number)), first.id)


def test_the_files_of_a_film_come_in_order(store: Store, film: list[Recording]) -> None:
    ids = [each.id for each in film]
    assert store.captures.parts(ids[0]) == []
    with store.database.read() as connection:
        assert {part.recording.id for part in store.captures.near(connection, film[2])} == set(ids)
    _join(store, film)
    parts = store.captures.parts(ids[0])
    assert [(part.recording.id, part.part_of) for part in parts] == [
        (ids[0], None),
        (ids[1], ids[0]),
        (ids[2], ids[0]),
    ]
    assert [store.captures.whole(each) for each in ids] == [ids[0]] * 3
    assert store.captures.later() == set(ids[1:])
    assert store.captures.as_whole(store.recordings.get(ids[0])).length_ms == 6000
    assert store.captures.parts(ids[1]) == []


def test_where_a_file_begins_is_kept_with_it(store: Store, film: list[Recording]) -> None:
    _join(store, film)
    *_, last = store.captures.parts(film[0].id)
    with store.database.write() as connection:
        store.captures.start(connection, last, 3000)
        store.captures.keep(connection, film[0], _chapter(1))  # as it was: nothing is sealed anew
    *_, last = store.captures.parts(film[0].id)
    assert last.capture.chapter == Chapter("GX0034", 3, CAMERA, 1000, 3000)
    assert last.part_of == film[0].id
    store.audit.verify()


def test_who_writes_to_the_database_joins_nothing(store: Store, film: list[Recording]) -> None:
    with store.database.write() as connection:
        mine = captures.c.recording_id == film[1].id
        connection.execute(update(captures).where(mine).values(part_of=film[0].id))
    with pytest.raises(TamperedError):
        store.captures.film(film[0].id)
    with pytest.raises(TamperedError):
        store.captures.whole(film[1].id)
    # What shows or gathers others goes on.
    assert store.captures.as_whole(film[0]) == film[0]
    with store.database.read() as connection:
        near = store.captures.near(connection, film[0])
    assert {part.recording.id for part in near} == {film[2].id, film[0].id}


def test_nothing_of_a_camera_stands_in_clear(store: Store, film: list[Recording]) -> None:
    _join(store, film)
    with store.database.read() as connection:
        rows = [dict(row._mapping) for row in connection.execute(captures.select())]
    assert len(rows) == 3
    assert not any(word in str(rows) for word in (CAMERA, "GX0034", "telemetry"))


def test_what_was_never_looked_at_stands_alone(store: Store, arrival: Arrival) -> None:
    each, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"v"]), arrival)
    assert store.captures.of(each.id) is None
    assert store.captures.whole(each.id) == each.id
    assert store.captures.film(each.id) == []
    assert store.captures.as_whole(each) == each
