"""Opening everything: each sealed row, each blob to its last byte, the audit log to its head."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from store.arrivals import Arrivals
from store.audit import Audit
from store.checkpoint import Checkpoint
from store.derived import Makings
from store.errors import ErasedError, StoreError
from store.identities import Identities
from store.notes import whose
from store.pieces import with_pieces
from store.records import ERASED, Recordings
from store.sealed import Clear
from store.session import Database
from store.tables import (
    audit,
    identities,
    key_of,
    metadata,
    note_versions,
    notes,
    recordings,
    uploads,
)
from store.uploads import Uploads

_STREAM = 200  # rows at a time


@dataclass
class Report:
    """What was opened, and what does not open."""

    rows: dict[str, int] = field(default_factory=dict)  # sealed rows that opened, by table
    events: int = 0
    blobs: int = 0
    size: int = 0  # bytes of the originals in them
    failures: list[str] = field(default_factory=list)  # which thing, by its id, and why


@dataclass(frozen=True, slots=True)
class Examination:
    """Opens all there is in one store, whatever fails on the way."""

    database: Database
    identities: Identities
    recordings: Recordings
    makings: Makings
    arrivals: Arrivals
    uploads: Uploads
    audit: Audit

    def run(self, checkpoints: Iterable[Checkpoint] = (), excused: Iterable[str] = ()) -> Report:
        """What opens and what does not.

        `excused` are ids of cases, recordings and arrivals that are known to be gone, though not
        here: their blobs are not looked for.
        """
        report = Report()
        with self.database.read() as connection:
            alive = self._identities(connection, report)
            for table in metadata.sorted_tables:
                if {"scope", "sealed"} <= set(table.c.keys()):
                    self._rows(connection, table, alive, report)
        self._details(report)
        self._blobs(set(excused), alive, report)
        with _noting(report, "audit log"):
            report.events = self.audit.verify(checkpoints)
        return report

    def _identities(self, connection: Connection, report: Report) -> set[str]:
        """Those that open. A row of any other is not looked at: it would fail for the same."""
        alive = set()
        for scope in connection.scalars(select(identities.c.id)).all():
            with _noting(report, f"identity {scope}"):
                self.identities.keys(connection, scope)
                alive.add(scope)
        return alive

    def _rows(self, connection: Connection, table: Table, alive: set[str], report: Report) -> None:
        key, count = key_of(table), 0
        for row in connection.execute(select(table).execution_options(yield_per=_STREAM)):
            values = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to columns by name
            if row.scope not in alive or values.get("state") == ERASED:
                continue
            with _noting(report, f"row {values[key]} of {table.name}"):
                self.identities.opened(connection, table, row, _also(connection, table, row))
                count += 1
        report.rows[table.name] = count

    def _details(self, report: Report) -> None:
        count = 0
        for event in self.audit.events():
            if event.detail is not None:
                with _noting(report, f"detail of event {event.seq}"):
                    self.audit.open(event)
                    count += 1
        report.rows[audit.name] = count

    def _blobs(self, excused: set[str], alive: set[str], report: Report) -> None:
        query = select(recordings.c.id, recordings.c.scope).where(recordings.c.state != ERASED)
        with self.database.read() as connection:
            known = connection.execute(query).all()
        for row in known:
            if row.scope in alive and not {row.id, row.scope} & excused:
                with _noting(report, f"recording {row.id}"):
                    self._recording(row.id, excused, report)
        for arrival_id in self.arrivals.ids():
            if arrival_id not in excused:
                with _noting(report, f"arrival {arrival_id}"):
                    self._arrival(arrival_id, report)

        self._uploads(alive, excused, report)

    def _uploads(self, alive: set[str], excused: set[str], report: Report) -> None:
        with self.database.read() as connection:
            broken = set(connection.scalars(with_pieces(excused)))
            known = connection.execute(select(uploads.c.id, uploads.c.scope)).all()
        for upload_id, scope in known:
            if scope not in alive or scope in excused or upload_id in broken:
                continue
            with _noting(report, f"upload {upload_id}"):
                # Each chunk is authentic and each piece's size its own: there is no hash of it all.
                found = self.uploads.content(upload_id)
                report.size += sum(map(len, found))
                report.blobs += found.count

    def _recording(self, recording_id: str, excused: set[str], report: Report) -> None:
        expected = self.recordings.details(recording_id).sha256
        _read(self.recordings.open(recording_id), expected, report)
        for each in self.makings.of(recording_id):
            if each.id not in excused:
                with _noting(report, f"made {each.id}"):
                    _, reader = self.makings.open(recording_id, each.kind, each.number)
                    _read(reader, each.details.sha256, report)

    def _arrival(self, arrival_id: str, report: Report) -> None:
        sealed = self.arrivals.open(arrival_id).sealed
        if sealed is not None:
            _read(self.arrivals.content(arrival_id, sealed), sealed.sha256, report)


@contextmanager
def _noting(report: Report, what: str) -> Iterator[None]:
    """What a block raises is one thing that does not open; what was erased is no failure."""
    try:
        yield
    except ErasedError:
        return
    except StoreError as error:
        report.failures.append(f"{what}: {error}")


def _read(chunks: Iterable[bytes], expected: str, report: Report) -> None:
    found, size = hashlib.sha256(), 0
    for chunk in chunks:
        found.update(chunk)
        size += len(chunk)
    if found.hexdigest() != expected:
        raise StoreError("it opens to something else than was sealed")
    report.blobs += 1
    report.size += size


def _also(connection: Connection, table: Table, row: Any) -> Clear:
    """What a note's versions are bound to beside their own columns."""
    if table is not note_versions:
        return ()
    return whose(connection.execute(select(notes).where(notes.c.id == row.note_id)).one())
