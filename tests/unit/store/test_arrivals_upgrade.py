"""A database of before there were arrivals, with every kind of row that then was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import MetaData, insert, inspect, select

from store.errors import DatabaseError
from store.session import Database
from store.tables import arrivals, orphans, receipts
from tests.databases import Databases

NEW = {each.name for each in (arrivals, orphans, receipts)}


@pytest.fixture
def old(databases: Databases) -> Iterator[Database]:
    """A database at revision 0003 with two rows in each of its tables."""
    database = Database(databases.empty())
    database.upgrade(to="0003")
    with database.write() as connection:
        for table in _tables(database).values():
            for number in (1, 2):
                values = {each.name: _value(each, number) for each in table.columns}
                connection.execute(insert(table).values(**values))
    yield database
    database.close()


def _tables(database: Database) -> dict[str, Any]:
    found = MetaData()
    found.reflect(database.engine)
    return {name: each for name, each in found.tables.items() if name != "alembic_version"}


def _value(column: Any, number: int) -> Any:
    kind = column.type.python_type
    return f"{column.name} {number}".encode() if kind is bytes else kind(number)


def _rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table))]
            for name, table in _tables(database).items()
            if name not in NEW
        }


def test_every_row_of_before_stands_as_it_was(old: Database) -> None:
    before = _rows(old)
    assert len(before) >= 15
    assert all(len(rows) == 2 for rows in before.values())
    old.upgrade(to="0004")
    assert _rows(old) == before
    with old.read() as connection:
        assert set(inspect(connection).get_table_names()) >= NEW
        assert [connection.execute(select(each)).all() for each in (arrivals, receipts)] == [[], []]


def test_who_cannot_upgrade_says_so(old: Database) -> None:
    with pytest.raises(DatabaseError, match="another version"):
        old.check()
    old.upgrade()
    old.check()
