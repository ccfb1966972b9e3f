"""Which blobs the rows of one view of the database need, by what their sealed parts pin."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, func, select, true

from store.arrivals import letter_of
from store.backup.pool import Blob, Pool
from store.backup.rows import tables
from store.errors import ErasedError, TamperedError
from store.identities import Identities
from store.original import details_of
from store.records import ERASED
from store.tables import TEAM, arrivals, derived, pieces, recordings
from store.vault import Vault

_STREAM = 200  # rows at a time
_ROW = 300  # bytes that a row's clear columns take as JSON, about


class Need(msgspec.Struct, frozen=True, array_like=True):
    """A row and the blob it needs."""

    table: str
    id: str
    scope: str
    blob: Blob | None  # None: its sealed part does not open


def needs(connection: Connection, identities: Identities) -> Iterator[Need]:
    """Every recording, what was made from it, pieces on their way, and arrivals that have a blob."""
    alive = select(recordings.c.id).where(recordings.c.state != ERASED)
    yield from _of(connection, identities, recordings, recordings.c.id.in_(alive))
    yield from _of(connection, identities, derived, derived.c.recording_id.in_(alive))
    yield from _of(connection, identities, pieces, true())
    yield from _waiting(connection, identities)


def _of(
    connection: Connection, identities: Identities, table: Table, there: ColumnElement[bool]
) -> Iterator[Need]:
    query = select(table).where(there)
    for row in connection.execute(query.execution_options(yield_per=_STREAM)):
        try:
            pins = details_of(connection, identities, table, row)
        except ErasedError:
            continue
        except TamperedError:
            yield Need(str(table.name), row.id, row.scope, None)
            continue
        if row.blob:  # what went by a rule has none; that it names none is sealed with its row
            yield Need(str(table.name), row.id, row.scope, Blob(row.blob, pins.payload_sha256))


def _waiting(connection: Connection, identities: Identities) -> Iterator[Need]:
    team = identities.keys(connection, TEAM).identity
    query = select(arrivals).where(arrivals.c.blob.is_not(None))
    for row in connection.execute(query.execution_options(yield_per=_STREAM)).mappings():
        try:
            pins = letter_of(team, row).pins
        except TamperedError:
            pins = None
        blob = None if pins is None else Blob(row["blob"], pins.payload_sha256)
        yield Need("arrivals", row["id"], TEAM, blob)


def room(connection: Connection, vault: Vault, pool: Pool) -> int:
    """How many bytes a set would take now, about."""
    taken = 0
    for table in tables():
        bytes_in = [func.length(c) for c in table.columns if c.type.python_type is bytes]
        rows = select(func.count(), *(func.sum(each) for each in bytes_in)).select_from(table)
        count, *sizes = (int(each or 0) for each in connection.execute(rows).one())
        # Base64 makes four characters of three bytes.
        taken += _ROW * count + sum(size * 4 // 3 for size in sizes)
    for each in (recordings, derived, pieces):
        blobs = select(each.c.blob, each.c.size).where(each.c.blob != "")
        for blob, size in connection.execute(blobs.execution_options(yield_per=_STREAM)):
            taken += 0 if pool.has(blob) else size
    waiting = connection.scalars(select(arrivals.c.blob).where(arrivals.c.blob.is_not(None)))
    return taken + sum(vault.size(blob) for blob in waiting if not pool.has(blob))
