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
from store.errors import ConflictError, DuplicateError, TamperedError
from store.identities import Identities
from store.notes import Note, whose
from store.original import details_of
from store.sealed import Clear
from store.session import Database
from store.tables import (
    agreements,
    captures,
    corrections,
    decisions,
    derived,
    listenings,
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
                mine = note_versions.c.note_id == note.id
                hands = whose(note), whose(replace(note, case_id=case_id))
                self._reseal_all(connection, note_versions, mine, case_id, hands)
                for table in (decisions, replies, listenings):
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
        self._rewrapped(connection, recordings, row, {"scope": case_id, "case_id": case_id})
        made = select(derived).where(derived.c.recording_id == row.id)
        for each in connection.execute(made).all():
            self._rewrapped(connection, derived, each, {"scope": case_id})
        for table in (transcripts, sightings, agreements, captures, corrections):
            mine = table.c.recording_id == row.id
            self._reseal_all(connection, table, mine, case_id)

    def _rewrapped(
        self, connection: Connection, table: Table, row: Any, changed: dict[str, object]
    ) -> None:
        """Give a row with a blob to the scope in `changed`."""
        details = details_of(connection, self._identities, table, row)
        # Anybody can make a header: the team's public key is printed. Only its own is made anew.
        if hashlib.sha256(row.header).hexdigest() != details.header_sha256:
            raise TamperedError(f"the header of {row.id} is not its own", row.id)
        header = self._identities.rewrap(connection, row.header, row.scope, str(changed["scope"]))
        pinned = replace(details, header_sha256=hashlib.sha256(header).hexdigest())
        payload = msgspec.json.encode(pinned)
        self._identities.anew(connection, table, row, {**changed, "header": header}, payload)

    def _reseal_all(
        self,
        connection: Connection,
        table: Table,
        condition: Any,
        scope: str,
        hands: tuple[Clear, Clear] = ((), ()),
    ) -> None:
        before, after = hands
        for row in connection.execute(select(table).where(condition)).all():
            payload = self._identities.opened(connection, table, row, before)
            self._identities.anew(connection, table, row, {"scope": scope}, payload, after)
