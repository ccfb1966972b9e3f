from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, literal_column, text, update
from sqlalchemy.exc import IntegrityError

from store.audit import Detail, Event
from store.cases import Case
from store.checkpoint import Checkpoint, kept
from store.errors import AuditError, ErasedError, NotFoundError
from store.pins import Pins
from store.store import Store
from store.tables import audit, audit_head
from tests.databases import Databases, on_sqlite


@pytest.fixture
def log(store: Store) -> Store:
    for number in range(10):
        store.audit.record("somebody", f"did {number}", "thing")
    return store


@pytest.fixture
def open_log(log: Store, databases: Databases, url: str) -> Store:
    """The log of somebody who holds the database: what it refuses, they take out."""
    databases.disarm(url)
    return log


@pytest.fixture
def signed(log: Store, tmp_path: Path) -> Path:
    """A folder elsewhere that holds a checkpoint of the log's ten events."""
    log.audit.checkpoint(tmp_path / "elsewhere")
    return tmp_path / "elsewhere"


def test_an_untouched_log_verifies(log: Store) -> None:
    assert log.audit.verify() == len(list(log.audit.events())) == 10


def test_an_empty_log_verifies(store: Store) -> None:
    assert store.audit.verify() == 0


@on_sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'other' WHERE seq = 4",
        "DELETE FROM audit WHERE seq = 10",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 4",
        "REPLACE INTO audit SELECT * FROM audit WHERE seq = 4",
    ],
)
def test_the_database_refuses_to_change_an_event(log: Store, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), log.database.write() as connection:
        connection.execute(text(statement))
    assert log.audit.verify() == 10


@pytest.mark.parametrize("column", ["at", "actor", "action", "object", "scope", "detail", "hash"])
def test_an_edit_is_found(open_log: Store, column: str) -> None:
    value = {"at": 5, "detail": b"other", "hash": bytes(32)}.get(column, "other")
    with open_log.database.write() as connection:
        connection.execute(update(audit).where(audit.c.seq == 4).values({column: value}))
    with pytest.raises(AuditError) as caught:
        open_log.audit.verify()
    assert caught.value.seq == 4


@on_sqlite
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'x'"),
        ("at", "x'00'"),
        ("actor", "x'00'"),
        ("actor", "CAST(x'ff' AS TEXT)"),
        ("hash", "'x'"),
        ("detail", "'x'"),
    ],
)
def test_a_value_of_the_wrong_type_is_found(open_log: Store, column: str, value: str) -> None:
    changed = update(audit).where(audit.c.seq == 1).values({column: literal_column(value)})
    with open_log.database.write() as connection:
        connection.execute(changed)
    with pytest.raises(AuditError) as caught:
        open_log.audit.verify()
    assert caught.value.seq == 1


@pytest.mark.parametrize("seq", [1, 5, 10])
def test_a_deletion_is_found_even_at_the_end(open_log: Store, seq: int) -> None:
    with open_log.database.write() as connection:
        connection.execute(delete(audit).where(audit.c.seq == seq))
    with pytest.raises(AuditError) as caught:
        open_log.audit.verify()
    assert caught.value.seq == seq


def test_a_reordering_is_found(open_log: Store) -> None:
    with open_log.database.write() as connection:
        for old, new in ((3, 99), (7, 3), (99, 7)):
            connection.execute(update(audit).where(audit.c.seq == old).values(seq=new))
    with pytest.raises(AuditError) as caught:
        open_log.audit.verify()
    assert caught.value.seq == 3


@pytest.mark.parametrize(("edited", "named"), [(1, 1), (8, 1), (9, 9), (10, 9)])
def test_an_edit_with_its_hash_is_named_by_the_subtree_it_is_in(
    open_log: Store, edited: int, named: int
) -> None:
    event = list(open_log.audit.events())[edited - 1]
    with open_log.database.write() as connection:
        at = audit.c.seq == edited
        connection.execute(update(audit).where(at).values(actor="other"))
        changed = type(event)(edited, event.at, "other", event.action, event.object)
        connection.execute(update(audit).where(at).values(hash=changed.leaf()))
    with pytest.raises(AuditError) as caught:
        open_log.audit.verify()
    assert caught.value.seq == named


@pytest.mark.parametrize(
    ("column", "value"),
    [("size", 9), ("size", -1), ("edge", b""), ("mac", b""), ("mac", bytes(32))],
)
def test_a_changed_head_is_found_and_not_continued(
    log: Store, column: str, value: int | bytes
) -> None:
    with log.database.write() as connection:
        connection.execute(update(audit_head).values({column: value}))
    _is_found_and_not_continued(log)


@on_sqlite
@pytest.mark.parametrize("column", ["size", "edge", "mac"])
def test_a_head_of_the_wrong_type_is_found_and_not_continued(log: Store, column: str) -> None:
    with log.database.write() as connection:
        connection.execute(update(audit_head).values({column: literal_column("'x'")}))
    _is_found_and_not_continued(log)


def _is_found_and_not_continued(log: Store) -> None:
    with pytest.raises(AuditError, match="head"):
        log.audit.verify()
    with pytest.raises(AuditError, match="head"):
        log.audit.record("somebody", "did more", "thing")


def test_a_missing_head_is_found_and_not_started_anew(open_log: Store) -> None:
    log = open_log
    with log.database.write() as connection:
        connection.execute(delete(audit_head))
    with pytest.raises(AuditError, match="missing"):
        log.audit.verify()
    with pytest.raises(AuditError, match="missing"):
        log.audit.record("somebody", "did more", "thing")


def test_a_planted_event_is_not_written_over(log: Store) -> None:
    with log.database.write() as connection:
        event = {"seq": 11, "at": 1, "actor": "x", "action": "x", "object": "x", "hash": b"x"}
        connection.execute(insert(audit).values(**event))
    with pytest.raises(AuditError, match="event 11"):
        log.audit.record("somebody", "did more", "thing")


def test_a_detail_opens_until_its_case_is_erased_and_the_log_stays_whole(
    store: Store, case: Case, databases: Databases
) -> None:
    store.audit.record("somebody", "did", "thing", Detail(case.id, b"why it was done"))
    event = list(store.audit.events())[-1]
    assert store.audit.open(event) == b"why it was done"
    store.close()
    assert b"why it was done" not in databases.raw()
    store.erasing.case(case.id, "test")
    with pytest.raises(ErasedError):
        store.audit.open(event)
    assert store.audit.verify() == event.seq + 1
    with pytest.raises(NotFoundError):
        store.audit.open(next(store.audit.events()))


def test_a_checkpoint_is_written_once_for_each_length_of_the_log(log: Store, signed: Path) -> None:
    first = log.audit.checkpoint(signed)
    log.audit.record("somebody", "did more", "thing")
    second = log.audit.checkpoint(signed)
    assert kept(signed) == [first, second]


def test_a_log_is_not_signed_when_it_does_not_verify(open_log: Store, signed: Path) -> None:
    open_log.audit.record("somebody", "did more", "thing")
    with open_log.database.write() as connection:
        connection.execute(update(audit).where(audit.c.seq == 4).values(actor="other"))
    with pytest.raises(AuditError):
        open_log.audit.checkpoint(signed)
    assert len(kept(signed)) == 1


def test_checkpoints_narrow_down_where_the_log_was_rewritten(log: Store) -> None:
    roots = {size: bytes(32) for size in (7, 10)}
    good = log.audit._verified([], Pins())
    roots[10] = good.root()
    name = log.audit.signer().name
    with pytest.raises(AuditError, match="events 1 to 7") as caught:
        log.audit.verify([Checkpoint(name, size, root) for size, root in roots.items()])
    assert caught.value.seq == 1
    ten = Checkpoint(name, 10, good.root())
    log.audit.record("somebody", "did more", "thing")
    with pytest.raises(AuditError, match="events 11 to 11") as caught:
        log.audit.verify([ten, Checkpoint(name, 11, bytes(32))])
    assert caught.value.seq == 11
    with pytest.raises(AuditError, match="12 events were signed") as caught:
        log.audit.verify([ten, Checkpoint(name, 12, bytes(32))])
    assert caught.value.seq == 12
    assert log.audit.verify([ten]) == 11


_ids = st.text(max_size=6)
EVENTS = st.builds(
    Event,
    st.integers(1, 3),
    st.integers(0, 3),
    _ids,
    _ids,
    _ids,
    st.none() | _ids,
    st.none() | st.binary(max_size=3),
)


@given(EVENTS, EVENTS)
def test_two_events_have_one_leaf_only_if_they_are_one(one: Event, other: Event) -> None:
    assert (one.leaf() == other.leaf()) == (one == other)


@given(EVENTS, EVENTS)
def test_an_event_with_one_field_of_another_has_another_leaf(one: Event, other: Event) -> None:
    for field in fields(Event):
        mixed = replace(one, **{field.name: getattr(other, field.name)})
        assert (mixed.leaf() == one.leaf()) == (mixed == one)
