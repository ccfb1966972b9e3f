"""Giving a note to a case, or to somebody's own record, with all that it was made from.

Its rows are sealed anew; its media is not touched. A recording's payload stays in the vault as it is; only the age header, which wraps its key, is
written again for the new recipient. Everything happens in one transaction or not at all.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
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
    unsaved,
)


@dataclass(frozen=True, slots=True)
class _To:
    """Where a note goes."""

    scope: str
    case_id: str | None
    practitioner_id: str


class Assigning:
    """Moves a note, and all that it was made from."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit

    def assign(self, note: Note, case_id: str, actor: str) -> None:
        """Give `note` to the case.

        Raises ConflictError if it was assigned or changed meanwhile, DuplicateError if the case
        holds one of its recordings already.
        """
        to = _To(case_id, case_id, note.practitioner_id)
        try:
            with self._database.write() as connection:
                self._move(connection, note, to)
                self._audit.append(connection, actor, "note assigned", note.id)
        except IntegrityError as error:
            raise DuplicateError("the case holds this recording already") from error

    def file(self, note: Note, person_id: str, actor: str) -> None:
        """Put `note` into the own record of a member of staff (`OwnRecords.of`), wherever it lies.

        Raises ConflictError if it was moved or changed meanwhile.
        """
        with self._database.write() as connection:
            self._move(connection, note, _To(person_id, None, person_id))
            self._audit.append(connection, actor, "note filed in own record", note.id)

    def _move(self, connection: Connection, note: Note, to: _To) -> None:
        self._claim(connection, note, to)
        mine = note_versions.c.note_id == note.id
        hands = whose(note), whose(replace(note, **asdict(to)))
        self._reseal_all(connection, note_versions, mine, to.scope, hands)
        for table in (decisions, replies, listenings, unsaved):
            self._reseal_all(connection, table, table.c.note_id == note.id, to.scope)
        query = select(recordings).where(recordings.c.note_id == note.id)
        for row in connection.execute(query).all():
            self._recording(connection, row, to)

    def _claim(self, connection: Connection, note: Note, to: _To) -> None:
        same = (notes.c.id == note.id) & (notes.c.number == note.number)
        same &= notes.c.scope == note.scope
        changed = connection.execute(update(notes).where(same).values(**asdict(to)))
        if changed.rowcount != 1:
            raise ConflictError(f"note {note.id} was changed by somebody else")

    def _recording(self, connection: Connection, row: Any, to: _To) -> None:
        changed: dict[str, object] = asdict(to)
        if to.case_id is None and self._is_held(connection, row, to):
            changed["tag"] = row.id  # it came twice: each stays, and this one is no longer compared
        self._rewrapped(connection, recordings, row, changed)
        made = select(derived).where(derived.c.recording_id == row.id)
        for each in connection.execute(made).all():
            self._rewrapped(connection, derived, each, {"scope": to.scope})
        for table in (transcripts, agreements, captures, corrections):
            mine = table.c.recording_id == row.id
            self._reseal_all(connection, table, mine, to.scope)
        for seen in connection.execute(
            select(sightings).where(sightings.c.recording_id == row.id)
        ).all():
            payload = self._identities.opened(connection, sightings, seen)
            now = {"scope": to.scope, "practitioner_id": to.practitioner_id}
            self._identities.anew(connection, sightings, seen, now, payload)

    def _is_held(self, connection: Connection, row: Any, to: _To) -> bool:
        same = (recordings.c.scope == to.scope) & (recordings.c.tag == row.tag)
        query = select(recordings.c.id).where(same, recordings.c.id != row.id)
        return connection.scalar(query) is not None

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
