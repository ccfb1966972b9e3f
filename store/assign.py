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
from store.holds import Holds
from store.identities import Identities
from store.notes import Note, whose
from store.original import RecordingDetails, details_of
from store.records import ERASED
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
    relistenings,
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

    def __init__(
        self, database: Database, identities: Identities, audit: Audit, holds: Holds
    ) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit
        self._holds = holds

    def assign(self, note: Note, case_id: str, actor: str) -> None:
        """Give `note` to the case.

        Raises ConflictError if it was assigned or changed meanwhile, DuplicateError if the case
        holds one of its recordings already.
        """
        to = _To(case_id, case_id, note.practitioner_id)
        try:
            with self._database.write() as connection:
                self._move(connection, note, to, actor)
                self._audit.append(connection, actor, "note assigned", note.id)
        except IntegrityError as error:
            raise DuplicateError("the case holds this recording already") from error

    def file(self, note: Note, person_id: str, actor: str) -> None:
        """Put `note` into the own record of a member of staff (`OwnRecords.of`), wherever it lies.

        Out of what is under a legal hold it takes the hold along: see `Holds.follow`.
        Raises ConflictError if it was moved or changed meanwhile.
        """
        with self._database.write() as connection:
            self.file_within(connection, note, person_id, actor)

    def file_within(self, connection: Connection, note: Note, person_id: str, actor: str) -> None:
        """The same, together with what else is changed in a transaction."""
        self._move(connection, note, _To(person_id, None, person_id), actor)
        self._audit.append(connection, actor, "note filed in own record", note.id)

    def hand_over(
        self, connection: Connection, recording_id: str, between: tuple[Note, Note], actor: str
    ) -> None:
        """Give one recording of a note to another note, sealed for where that one lies.

        Out of what is under a legal hold it takes the hold along, as a whole note does.
        ConflictError if it is not the first note's any more, or the other lies elsewhere by now.
        """
        note, other = between
        its_place = select(notes.c.scope, notes.c.practitioner_id).where(notes.c.id == other.id)
        there = connection.execute(its_place.with_for_update()).one_or_none()
        if there is None or tuple(there) != (other.scope, other.practitioner_id):
            raise ConflictError(f"note {other.id} has moved on already")
        mine = (recordings.c.id == recording_id) & (recordings.c.note_id == note.id)
        row = connection.execute(select(recordings).where(mine)).one_or_none()
        if row is None:
            raise ConflictError(f"recording {recording_id} is no longer of note {note.id}")
        if row.scope != other.scope:
            self._holds.follow(connection, row.scope, other.scope, actor)
        to = _To(other.scope, other.case_id, other.practitioner_id)
        self._recording(connection, row, to, twice=True)
        its = recordings.c.id == recording_id
        connection.execute(update(recordings).where(its).values(note_id=other.id))
        self._audit.append(connection, actor, "recording handed over", recording_id)

    def _move(self, connection: Connection, note: Note, to: _To, actor: str) -> None:
        self._claim(connection, note, to)
        if note.scope != to.scope:
            self._holds.follow(connection, note.scope, to.scope, actor)
        mine = note_versions.c.note_id == note.id
        hands = whose(note), whose(replace(note, **asdict(to)))
        self._reseal_all(connection, note_versions, mine, to.scope, hands)
        for table in (decisions, replies, listenings, relistenings, unsaved):
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

    def _recording(self, connection: Connection, row: Any, to: _To, *, twice: bool = False) -> None:
        """`twice`: what is there already stays, and this beside it; an own record has it always so."""
        changed: dict[str, object] = asdict(to)
        if (twice or to.case_id is None) and self._is_held(connection, row, to):
            changed["tag"] = row.id  # it came twice: each stays, and this one is no longer compared
        if row.state == ERASED:  # there is nothing in it that a key opens
            mine = recordings.c.id == row.id
            connection.execute(update(recordings).where(mine).values(**changed))
            return
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
        if isinstance(details, RecordingDetails) and details.gone_at:  # no header is left
            payload = msgspec.json.encode(details)
            self._identities.anew(connection, table, row, changed, payload)
            return
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
