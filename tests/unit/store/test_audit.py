from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from store.errors import AuditError
from store.store import Store
from store.tables import audit, audit_head


@pytest.fixture
def log(store: Store) -> Store:
    for number in range(10):
        store.audit.record("somebody", f"did {number}", "thing")
    return store


def test_an_untouched_log_verifies(log: Store) -> None:
    assert log.audit.verify() == len(list(log.audit.events())) == 10


def test_an_empty_log_verifies(store: Store) -> None:
    assert store.audit.verify() == 0


@pytest.mark.parametrize("column", ["at", "actor", "action", "object"])
def test_an_edit_is_found(log: Store, column: str) -> None:
    with log.database.write() as connection:
        value = 5 if column == "at" else "other"
        connection.execute(update(audit).where(audit.c.seq == 4).values({column: value}))
    with pytest.raises(AuditError) as caught:
        log.audit.verify()
    assert caught.value.seq == 4


@pytest.mark.parametrize("seq", [1, 5, 10])
def test_a_deletion_is_found_even_at_the_end(log: Store, seq: int) -> None:
    with log.database.write() as connection:
        connection.execute(delete(audit).where(audit.c.seq == seq))
    with pytest.raises(AuditError) as caught:
        log.audit.verify()
    assert caught.value.seq == seq


def test_a_deletion_with_renumbering_is_found(log: Store) -> None:
    with log.database.write() as connection:
        connection.execute(delete(audit).where(audit.c.seq == 5))
        for seq in range(6, 11):
            connection.execute(update(audit).where(audit.c.seq == seq).values(seq=seq - 1))
    with pytest.raises(AuditError):
        log.audit.verify()


def test_a_reordering_is_found(log: Store) -> None:
    with log.database.write() as connection:
        for old, new in ((3, 99), (7, 3), (99, 7)):
            connection.execute(update(audit).where(audit.c.seq == old).values(seq=new))
    with pytest.raises(AuditError) as caught:
        log.audit.verify()
    assert caught.value.seq == 3


def test_a_head_moved_back_without_the_key_is_found(log: Store) -> None:
    with log.database.write() as connection:
        row = connection.execute(audit.select().where(audit.c.seq == 9)).one()
        connection.execute(delete(audit).where(audit.c.seq == 10))
        connection.execute(update(audit_head).values(seq=9, hash=row.hash))
    with pytest.raises(AuditError):
        log.audit.verify()


def test_a_missing_head_is_found(log: Store) -> None:
    with log.database.write() as connection:
        connection.execute(delete(audit_head))
    with pytest.raises(AuditError):
        log.audit.verify()
