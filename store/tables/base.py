"""What all tables share."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Column, MetaData, String, Table

TEAM = "team"
"""The scope of what belongs to no case and to nobody's own record."""

metadata = MetaData()


@cache
def key_of(table: Table) -> str:
    """The name of a sealed table's primary key, which is one column."""
    (key,) = table.primary_key.columns
    return str(key.name)


@cache
def bound_columns(table: Table) -> tuple[str, ...]:
    """The names of the clear columns that a row's sealed payload authenticates."""
    return tuple(str(column.name) for column in table.columns if column.info.get("bound"))


def by_tag(name: str, *columns: Column[Any]) -> Table:
    """A table whose rows are found by a keyed fingerprint."""
    return Table(name, metadata, Column("tag", String(64), primary_key=True), *columns)
