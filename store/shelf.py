"""Rows of a table that are added and read, and never sealed anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, insert, select

from store.identities import Identities
from store.people import new_id
from store.session import Database, now_ms


class Shelf:
    """One such table, which has `id`, `created_at` and a sealed payload."""

    def __init__(self, database: Database, identities: Identities, table: Table) -> None:
        self._database = database
        self._identities = identities
        self._table = table

    def add(
        self, connection: Connection, scope: str, values: dict[str, Any], payload: bytes
    ) -> str:
        """A new row, sealed to `scope`; its id. ErasedError if there is nothing to seal it to."""
        row = {"id": new_id(), "created_at": now_ms()} | values | {"scope": scope, "version": 1}
        sealed = self._identities.sealed(connection, self._table, row, payload)
        connection.execute(insert(self._table).values(**sealed))
        return str(sealed["id"])

    def found(self, *conditions: ColumnElement[bool]) -> list[tuple[Any, bytes]]:
        """Rows with their payloads, newest first; what does not open is left out, and told of."""
        newest = (self._table.c.created_at.desc(), self._table.c.id)
        query = select(self._table).where(*conditions).order_by(*newest)
        with self._database.read() as connection:
            rows: Sequence[Any] = connection.execute(query).all()
            known = self._identities.many(connection, {row.scope for row in rows})

            def opened(row: Any) -> tuple[Any, bytes]:
                return row, self._identities.opened(connection, self._table, row, known=known)

            return self._database.alarm.whole(rows, opened)
