"""Giving an unassigned note to a case: its rows are sealed anew, its media is not touched.

A recording's payload stays in the vault as it is; only the age header, which wraps its key, is
written again for the case's recipient. Everything happens in one transaction or not at all.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select, update
from sqlalchemy.exc import IntegrityError

from store.audit import Audit
from store.errors import ConflictError, DuplicateError
from store.identities import Identities
from store.notes import Note
from store.records import RecordingDetails
from store.session import Database
from store.tables import (
    decisions,
    note_versions,
    notes,
    recordings,
    replies,
    sightings,
    transcripts,
)


class Assigning:
    """Moves a note, and all that it was made from, to a case."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit

    def assign(self, note: Note, case_id: str, actor: str) -> None:
        """Give `note` to the case.

        Raises ConflictError if it was assigned or changed meanwhile, DuplicateError if the case
        holds one of its recordings already.
        """
        try:
            with self._database.write() as connection:
                self._claim(connection, note, case_id)
                for table in (note_versions, decisions, replies):
                    self._reseal_all(connection, table, table.c.note_id == note.id, case_id)
                query = select(recordings).where(recordings.c.note_id == note.id)
                for row in connection.execute(query).all():
                    self._recording(connection, row, case_id)
                self._audit.append(connection, actor, "note assigned", note.id)
        except IntegrityError as error:
            raise DuplicateError("the case holds this recording already") from error

    def _claim(self, connection: Connection, note: Note, case_id: str) -> None:
        same = (notes.c.id == note.id) & (notes.c.number == note.number) & notes.c.case_id.is_(None)
        changed = connection.execute(
            update(notes).where(same).values(case_id=case_id, scope=case_id)
        )
        if changed.rowcount != 1:
            raise ConflictError(f"note {note.id} was changed by somebody else")

    def _recording(self, connection: Connection, row: Any, case_id: str) -> None:
        header = self._identities.rewrap(connection, row.header, row.scope, case_id)
        before = self._open(connection, recordings, row)
        details = msgspec.json.decode(before, type=RecordingDetails)
        pinned = replace(details, header_sha256=hashlib.sha256(header).hexdigest())
        self._write(connection, recordings, row, case_id, msgspec.json.encode(pinned))
        changed = {"header": header, "case_id": case_id}
        connection.execute(update(recordings).where(recordings.c.id == row.id).values(**changed))
        for table in (transcripts, sightings):
            mine = table.c.recording_id == row.id
            self._reseal_all(connection, table, mine, case_id)

    def _reseal_all(self, connection: Connection, table: Table, condition: Any, scope: str) -> None:
        for row in connection.execute(select(table).where(condition)).all():
            self._write(connection, table, row, scope, self._open(connection, table, row))

    def _open(self, connection: Connection, table: Table, row: Any) -> bytes:
        place = (table.name, row[0], row.version)
        return self._identities.open(connection, row.scope, place, row.sealed)

    def _write(
        self, connection: Connection, table: Table, row: Any, scope: str, payload: bytes
    ) -> None:
        key = next(iter(table.primary_key.columns))  # each sealed table has one, and it comes first
        place = (table.name, row[0], row.version + 1)
        sealed = self._identities.seal(connection, scope, place, payload)
        values = {"scope": scope, "version": row.version + 1, "sealed": sealed}
        connection.execute(update(table).where(key == row[0]).values(**values))
