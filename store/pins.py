"""Pins: the audit log says how far each row has come, so that no earlier copy of it passes for it.

A sealed payload opens at its own version alone. But whoever kept a copy of a whole row can put it
back, and it is as authentic as it was then. So each time a row is sealed anew, the log says at which
version; with the versions that notes are given and what was erased, it tells what must not be there
any more. To put the log back as well is to put back all that came after it, too, and a checkpoint
that is kept elsewhere shows it.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, Table, select

from store.errors import TamperedError
from store.tables import identities, key_of, metadata, notes, recordings

_SEALED = re.compile("([a-z_]+) sealed anew: ([0-9]+)")
_VERSION = re.compile("note version ([0-9]+)")
_OPENS_BY = {
    "case": identities.c.wrapped,
    "own record": identities.c.wrapped,
    "recording": recordings.c.sealed,
}
_ERASED = re.compile(f"({'|'.join(_OPENS_BY)}) erased")


def sealed_anew(table: Table, version: int) -> str:
    """The action that pins a row of `table`, by its id, at `version`."""
    return f"{table.name} sealed anew: {version}"


class Pins:
    """What a log pins, gathered while it is read."""

    def __init__(self) -> None:
        self._least: dict[str, dict[str, int]] = {}  # by column and row
        self._erased: dict[str, set[str]] = {kind: set() for kind in _OPENS_BY}

    def see(self, action: str, object_id: str) -> None:
        """Take in one event."""
        if found := _SEALED.fullmatch(action):
            self._pin(f"{found[1]}.version", object_id, int(found[2]))
        elif found := _VERSION.fullmatch(action):
            self._pin(f"{notes.name}.number", object_id, int(found[1]))
        elif found := _ERASED.fullmatch(action):
            self._erased[found[1]].add(object_id)

    def check(self, connection: Connection) -> None:
        """TamperedError, with its id, for a row that was put back to before what the log says."""
        for name, pinned in self._least.items():
            table, _, column = name.partition(".")
            if table in metadata.tables:  # a later version may have done away with it
                _compare(connection, metadata.tables[table], column, pinned)
        for kind, gone in self._erased.items():
            _absent(connection, kind, gone)

    def _pin(self, column: str, row_id: str, least: int) -> None:
        pinned = self._least.setdefault(column, {})
        pinned[row_id] = max(least, pinned.get(row_id, 0))


def _compare(connection: Connection, table: Table, column: str, pinned: dict[str, int]) -> None:
    for row_id, value in connection.execute(select(table.c[key_of(table)], table.c[column])):
        least = pinned.get(row_id)
        if least is not None and not (isinstance(value, int) and value >= least):
            raise TamperedError(f"row {row_id} of {table.name} was put back", row_id)


def _absent(connection: Connection, kind: str, gone: set[str]) -> None:
    column = _OPENS_BY[kind]
    left = select(column.table.c.id).where(column.is_not(None), column != b"")
    for row_id in connection.scalars(left):
        if row_id in gone:
            raise TamperedError(f"{kind} {row_id} was erased and put back", row_id)
