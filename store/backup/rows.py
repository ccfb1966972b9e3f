"""Every table as lines of JSON: written within one view of the database, read into an empty one.

    {"format": "recorder rows 1", ...}         about the set
    {"table": "cases", "columns": [...]}       then one array a row; bytes as {"b64": ...}
    {"end": {"cases": 12, ...}}                how many rows each table has

No sign-in outlives a restore: links, sessions and what is good once are left out. What people prove
themselves by stays.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, column, insert, select, table
from sqlalchemy.exc import SQLAlchemyError

from store.errors import BackupError
from store.tables import challenges, invitations, links, metadata, sessions, tries

FORMAT = "recorder rows 1"
_PIECE = 64 * 1024  # bytes given on at once
_BATCH = 200  # rows
_LEFT_OUT = (challenges, invitations, links, sessions, tries)


def tables() -> list[Table]:
    """The tables that a set holds, in the order it holds them."""
    return [each for each in metadata.sorted_tables if each not in _LEFT_OUT]


def dump(
    connection: Connection, about: Mapping[str, object], counts: dict[str, int]
) -> Iterator[bytes]:
    """Every row as `connection` sees it, in pieces; `counts` is filled in on the way."""
    piece = bytearray()
    for line in _lines(connection, about, counts):
        piece += msgspec.json.encode(line) + b"\n"
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def head(lines: Iterator[bytes]) -> dict[str, Any]:
    """The first line; BackupError if there is none of this format."""
    found = _decode(next(lines, b""))
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BackupError("the rows of this set are of an unknown format")
    return found


def load(connection: Connection, lines: Iterator[bytes]) -> dict[str, int]:
    """Insert every row that follows the head; how many each table got.

    BackupError if the rows end early or do not fit the schema.
    """
    loading = _Loading(connection)
    try:
        for line in lines:
            found = _decode(line)
            if isinstance(found, list):
                loading.row(found)
            elif "end" in found:
                return loading.complete(found["end"])
            else:
                loading.table(found["table"], found["columns"])
    except (SQLAlchemyError, KeyError, TypeError, ValueError) as error:
        raise BackupError("the rows of this set do not fit the schema they were made of") from error
    raise BackupError("the rows of this set end early")


def counted(lines: Iterable[bytes]) -> dict[str, int]:
    """How many rows follow the head, by table; BackupError for lines that nobody wrote."""
    found: dict[str, int] = {}
    name = ""
    try:
        for line in lines:
            if line.startswith(b"["):
                found[name] += 1
            elif line.startswith(b'{"table"'):
                name = _decode(line)["table"]
                found[name] = 0
    except (KeyError, TypeError) as error:
        raise BackupError("the rows of this set are damaged") from error
    return found


class _Loading:
    """Inserts a few rows at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counts: dict[str, int] = {}
        self._name, self._columns = "", [""]
        self._waiting: list[dict[str, Any]] = []

    def table(self, name: str, columns: list[str]) -> None:
        self._flush()
        self._name, self._columns, self._counts[name] = name, columns, 0

    def row(self, values: list[Any]) -> None:
        self._counts[self._name] += 1
        self._waiting.append(dict(zip(self._columns, map(_stored, values), strict=True)))
        if len(self._waiting) == _BATCH:
            self._flush()

    def complete(self, expected: dict[str, int]) -> dict[str, int]:
        self._flush()
        if self._counts != expected:
            raise BackupError("the rows of this set are not as many as it says")
        return self._counts

    def _flush(self) -> None:
        if self._waiting:
            target = table(self._name, *map(column, self._columns))
            self._connection.execute(insert(target), self._waiting)
            self._waiting = []


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines that chunks of text make up, without their ends."""
    begun: list[bytes] = []
    for chunk in chunks:
        first, *more = chunk.split(b"\n")
        begun.append(first)
        for line in more:
            yield b"".join(begun)
            begun = [line]
    if any(begun):
        yield b"".join(begun)


def _lines(
    connection: Connection, about: Mapping[str, object], counts: dict[str, int]
) -> Iterator[object]:
    yield {"format": FORMAT, **about}
    for each in tables():
        yield {"table": str(each.name), "columns": [str(c.name) for c in each.columns]}
        counts[str(each.name)] = 0
        query = select(each).order_by(*each.primary_key.columns)
        for row in connection.execute(query.execution_options(yield_per=_BATCH)):
            counts[str(each.name)] += 1
            yield [_plain(value) for value in row]
    yield {"end": counts}


def _plain(value: object) -> object:
    return {"b64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _stored(value: object) -> object:
    return base64.b64decode(value["b64"], validate=True) if isinstance(value, dict) else value


def _decode(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (ValueError, RecursionError) as error:
        raise BackupError("the rows of this set are damaged") from error
