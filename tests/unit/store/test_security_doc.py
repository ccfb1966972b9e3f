"""docs/SECURITY.md lists every column that stands in clear, with a reason and what it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Column, LargeBinary, MetaData, String, Table

from store.tables import metadata

DOCUMENT = Path(__file__).parents[3] / "docs" / "SECURITY.md"
SEALED = "sealed"


def _listed() -> Iterator[tuple[str, str, str, str]]:
    """Table, column, reason and what it tells, in the document's order."""
    text = DOCUMENT.read_text(encoding="utf-8")
    part = text.partition("## What stands in clear in the database")[2].partition("\n### What it")[
        0
    ]
    for section in part.split("\n### ")[1:]:
        table, _, rows = section.partition("\n")
        for names, why, tells in re.findall(r"^\| (`.+`) \| (.+) \| (.+) \|$", rows, re.MULTILINE):
            yield from ((table, name, why, tells) for name in re.findall(r"`(\w+)`", names))


LISTED = list(_listed())


def _unlisted(schema: MetaData) -> set[str]:
    listed = {(table, column) for table, column, _, _ in LISTED}
    columns = ((table.name, c.name) for table in schema.tables.values() for c in table.columns)
    return {f"{t}.{c}" for t, c in columns if c != SEALED and (t, c) not in listed}


def test_every_column_is_sealed_or_listed() -> None:
    assert len(metadata.tables) > 15, "the schema was not found"
    assert _unlisted(metadata) == set(), "in clear without a reason: say why in docs/SECURITY.md"


def test_a_column_that_is_not_listed_is_found() -> None:
    planted = MetaData()
    Table("notes", planted, Column("id", String), Column("title", String), Column("sealed", String))
    assert _unlisted(planted) == {"notes.title"}


def test_nothing_is_listed_that_is_in_no_table_or_listed_twice() -> None:
    listed = [f"{table}.{column}" for table, column, _, _ in LISTED]
    known = {f"{table.name}.{c.name}" for table in metadata.tables.values() for c in table.columns}
    assert set(listed) - known == set()
    assert len(listed) == len(set(listed))


def test_every_entry_says_why_and_what_it_tells() -> None:
    assert [entry for entry in LISTED if len(entry[2]) < 5 or len(entry[3]) < 4] == []


def test_what_is_called_sealed_is_bytes() -> None:
    columns = [t.columns[SEALED] for t in metadata.tables.values() if SEALED in t.columns]
    assert len(columns) > 8
    assert all(isinstance(column.type, LargeBinary) for column in columns)
