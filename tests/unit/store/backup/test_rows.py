from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from store.backup.rows import FORMAT, _plain, _stored, counted, dump, head, lines_of, load, tables
from store.errors import BackupError
from store.session import Database
from store.store import Store
from store.tables import challenges, invitations, links, metadata, sessions, tries
from tests.databases import Databases
from tests.unit.store.backup.conftest import Filled


def _all(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        each.name: [
            tuple(row)
            for row in connection.execute(select(each).order_by(*each.primary_key.columns))
        ]
        for each in metadata.sorted_tables
    }


@pytest.fixture
def dumped(store: Store, filled: Filled) -> tuple[list[bytes], dict[str, int]]:
    """The lines of the store, and its counts."""
    assert filled.case is not None
    counts: dict[str, int] = {}
    with store.database.read() as connection:
        lines = list(lines_of(dump(connection, {"set": "x"}, counts)))
    return lines, counts


@pytest.fixture
def empty(databases: Databases) -> Iterator[Database]:
    database = Database(databases.empty())
    database.upgrade()
    yield database
    database.close()


def _load(database: Database, lines: list[bytes]) -> dict[str, int]:
    with database.write() as connection:
        return load(connection, iter(lines[1:]))


def test_every_row_comes_back_as_it_was_but_for_sign_ins(
    store: Store, dumped: tuple[list[bytes], dict[str, int]], empty: Database
) -> None:
    lines, counts = dumped
    assert head(iter(lines)) == {"format": FORMAT, "set": "x"}
    assert _load(empty, lines) == counts
    with store.database.read() as here, empty.read() as there:
        before, after = _all(here), _all(there)
    left_out = {table.name for table in (challenges, invitations, links, sessions, tries)}
    assert {name for name, rows in before.items() if not rows} == {"orphans", "backups"}
    assert {name for name, rows in after.items() if rows != before[name]} == left_out
    assert all(after[name] == [] for name in left_out)


def test_every_table_is_in_it_or_is_left_out_on_purpose() -> None:
    named = {each.name for each in (*tables(), challenges, invitations, links, sessions, tries)}
    assert named == set(metadata.tables)


def test_every_blob_that_a_row_names_is_looked_for() -> None:
    named = {each.name for each in metadata.sorted_tables if "blob" in each.c}
    assert named == {"recordings", "derived", "pieces", "arrivals", "orphans"}, (
        "see to it in store/backup/needs.py"
    )


def test_rows_that_end_early_are_refused_and_leave_nothing(
    dumped: tuple[list[bytes], dict[str, int]], empty: Database
) -> None:
    lines, _ = dumped
    for kept in (1, 2, len(lines) // 2, len(lines) - 1):
        with pytest.raises(BackupError, match="end early"):
            _load(empty, lines[:kept])
    with empty.read() as connection:
        assert not any(_all(connection).values())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "damaged"),
        (b"\xff", "damaged"),
        (b"[1]", "do not fit"),
        (b'["a","b"]', "do not fit"),
        (b'{"table":"cases","columns":["no such column"]}\n["x"]', "do not fit"),
        (b'{"table":"no such table","columns":["id"]}\n["x"]', "do not fit"),
        (b'{"nothing":1}', "do not fit"),
        (b"7", "do not fit"),
        (b'{"end":{"cases":1}}', "not as many"),
    ],
)
def test_lines_that_nobody_wrote_are_refused(empty: Database, line: bytes, words: str) -> None:
    with pytest.raises(BackupError, match=words):
        _load(empty, [b"", *line.split(b"\n"), b'{"end":{}}'])


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b'{"format":"recorder rows 2"}'])
def test_rows_of_an_unknown_format_are_refused(line: bytes) -> None:
    with pytest.raises(BackupError):
        head(iter([line]))


@given(st.lists(st.binary(max_size=9).map(lambda b: b.replace(b"\n", b""))), st.integers(1, 7))
def test_lines_are_put_together_from_chunks_of_any_size(lines: list[bytes], size: int) -> None:
    text = b"".join(line + b"\n" for line in lines)
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(lines_of(chunks)) == lines


@given(st.text() | st.binary() | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.none())
def test_any_value_of_a_column_comes_back_from_its_line(value: object) -> None:
    line = msgspec.json.encode([_plain(value)])
    (found,) = map(_stored, msgspec.json.decode(line))
    assert (type(found), found) == (type(value), value)
    assert msgspec.json.encode([_plain(found)]) == line


TABLE = b'{"table":"cases","columns":["id"]}'


@pytest.mark.parametrize("line", [b"[1]", b'{"table":[]}', b'{"table"}', b'{"table":"\xff"}'])
def test_lines_that_cannot_be_counted_are_refused(line: bytes) -> None:
    assert counted([TABLE, b"[1]", b"[2]", b'{"end":{"cases":2}}']) == {"cases": 2}
    with pytest.raises(BackupError):
        counted([line])


def test_a_value_of_every_kind_is_written_so_that_it_comes_back(
    dumped: tuple[list[bytes], dict[str, int]],
) -> None:
    kinds = {
        type(value)
        for line in dumped[0][1:]
        if isinstance(found := msgspec.json.decode(line), list)
        for value in found
    }
    assert kinds == {str, int, bool, dict, type(None)}
