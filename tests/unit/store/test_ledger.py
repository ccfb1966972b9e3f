from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from store.ledger import Backup
from store.store import Store
from store.tables import backups

SET = Backup("set", 1000, None, 9000, "/mnt/backup of Jordan")


def test_a_set_is_known_from_before_it_is_made_until_it_is_gone(store: Store) -> None:
    store.ledger.begin(SET)
    assert store.ledger.all() == [SET]
    assert store.ledger.newest() is None
    store.ledger.verified(SET.id)
    (kept,) = store.ledger.all()
    assert replace(kept, verified_at=None) == SET
    assert store.ledger.newest() == 1000
    store.ledger.gone(SET.id)
    assert store.ledger.all() == []
    assert store.ledger.newest() == 1000


def test_where_a_set_lies_is_sealed(store: Store) -> None:
    store.ledger.begin(SET)
    with store.database.read() as connection:
        row = connection.execute(select(backups)).one()
    assert not any(b"Jordan" in bytes(v) for v in row if isinstance(v, bytes))
    assert not any("Jordan" in v for v in row if isinstance(v, str))


def test_a_set_holds_what_was_there_between_its_beginning_and_its_end(store: Store) -> None:
    made = replace(SET, verified_at=2000)
    unfinished = replace(SET, id="cut short")
    store.ledger.begin(made)
    store.ledger.begin(unfinished)
    assert store.ledger.holding(500, 1500) == [made, unfinished]
    assert store.ledger.holding(500, 999) == []  # erased before it began
    assert store.ledger.holding(2000, 3000) == [made, unfinished]  # came while it was made
    assert store.ledger.holding(2001, 3000) == [unfinished]  # came after it; nobody knows
    store.ledger.gone(made.id)
    assert store.ledger.holding(500, 1500) == [unfinished]
