"""Sealed entries beside a recording or a case, numbered from 1 and only ever added.

What people put right in a transcript, and a case's living summary as it stood after each approval.
What an entry says is bytes to this module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from store.audit import Audit
from store.errors import ConflictError, TamperedError
from store.identities import Identities
from store.notes import Note, check_fit, note_from, whose
from store.people import new_id
from store.records import ALIVE, WITHDRAWN, Recording
from store.session import Database, now_ms
from store.tables import corrections, note_versions, notes, recordings, summaries


@dataclass(frozen=True, slots=True)
class Numbered:
    """One entry."""

    number: int  # from 1
    actor_id: str  # who wrote it, or whose approval led to it
    created_at: int  # ms since 1970, UTC
    payload: bytes


class _Entries:
    """Adds and lists the entries of one table, by whom they belong to."""

    _table: Table
    _owner: str  # column

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit

    def of(self, owner_id: str) -> list[Numbered]:
        """All entries, oldest first; TamperedError where one is missing or not as it was sealed."""
        with self._database.read() as connection:
            return self.within(connection, owner_id)

    def within(self, connection: Connection, owner_id: str) -> list[Numbered]:
        """As `of`, within the caller's transaction."""
        mine = self._table.c[self._owner] == owner_id
        query = select(self._table).where(mine).order_by(self._table.c.number)
        rows = connection.execute(query).all()
        if [row.number for row in rows] != list(range(1, len(rows) + 1)):
            raise TamperedError(f"an entry beside {owner_id} is missing", owner_id)
        return [self._entry(connection, row) for row in rows]

    def newest(self, owner_id: str) -> Numbered | None:
        """The entry with the highest number; None where there is none. TamperedError."""
        query = select(self._table).where(self._table.c[self._owner] == owner_id)
        with self._database.read() as connection:
            row = connection.execute(query.order_by(self._table.c.number.desc()).limit(1)).first()
            return None if row is None else self._entry(connection, row)

    def _add(
        self, connection: Connection, owner_id: str, scope: str, number: int, entry: Any
    ) -> None:
        """Add (actor, payload) as `number`; ConflictError if that is not the next one."""
        actor, payload = entry
        mine = self._table.c[self._owner] == owner_id
        last = connection.scalar(select(func.max(self._table.c.number)).where(mine)) or 0
        if number != last + 1:
            raise ConflictError(f"somebody else added to {owner_id} meanwhile")
        values = {
            "id": new_id(),
            self._owner: owner_id,
            "number": number,
            "actor_id": actor,
            "created_at": now_ms(),
            "scope": scope,
            "version": 1,
        }
        sealed = self._identities.sealed(connection, self._table, values, payload)
        connection.execute(insert(self._table).values(**sealed))

    def _entry(self, connection: Connection, row: Any) -> Numbered:
        with self._database.alarm.noting(row):
            payload = self._identities.opened(connection, self._table, row)
        return Numbered(row.number, row.actor_id, row.created_at, payload)


class Corrections(_Entries):
    """What people put right in what was heard in a recording."""

    _table, _owner = corrections, "recording_id"

    def add(self, recording: Recording, number: int, payload: bytes, actor: str) -> None:
        """Keep a correction as `number` of its recording.

        ConflictError if that is not the next number, or the recording was erased or given to a case
        meanwhile.
        """
        with self._database.write() as connection:
            mine = recordings.c.id == recording.id
            there = select(recordings.c.scope).where(mine, ALIVE).with_for_update()
            if connection.scalar(there) != recording.scope:
                raise ConflictError(f"recording {recording.id} has moved on already")
            self._add(connection, recording.id, recording.scope, number, (actor, payload))
            self._audit.append(connection, actor, "transcript corrected", recording.id)

    def recordings_of(self, case_id: str) -> list[str]:
        """The ids of a case's recordings of which words were put right, the latest first.

        None that somebody took their agreement back from.
        """
        still_agreed = recordings.c.reason.is_distinct_from(WITHDRAWN)
        query = (
            select(corrections.c.recording_id)
            .join(recordings, recordings.c.id == corrections.c.recording_id)
            .where(recordings.c.case_id == case_id, still_agreed, ALIVE)
            .group_by(corrections.c.recording_id)
            .order_by(func.max(corrections.c.created_at).desc())
        )
        with self._database.read() as connection:
            return list(connection.scalars(query))


class Summaries(_Entries):
    """A case's living summary, a version for each time that it changed."""

    _table, _owner = summaries, "case_id"

    def add(
        self,
        connection: Connection,
        case_id: str,
        actor: str,
        made: Callable[[bytes | None], bytes | None],
    ) -> None:
        """Add the version that `made` gives for the newest one's payload; none if it gives None.

        Within the caller's transaction, so that a summary never stands without what led to it. One
        that does not open is as none: a note's approval does not wait until it is mended.
        """
        mine = self._table.c[self._owner] == case_id
        query = select(self._table).where(mine).order_by(self._table.c.number.desc()).limit(1)
        rows = connection.execute(query).all()
        before = self._database.alarm.whole(rows, lambda row: self._entry(connection, row))
        payload = made(before[-1].payload if before else None)
        if payload is None:
            return
        number = rows[0].number + 1 if rows else 1
        self._add(connection, case_id, case_id, number, (actor, payload))
        self._audit.append(connection, actor, "living summary changed", case_id)

    def notes(self, connection: Connection, case_id: str, state: str) -> list[tuple[Note, bytes]]:
        """A case's notes in `state`, the newest contact first, and what each says now.

        Within the caller's transaction: as they stand in it. One that does not open is left out, and
        told of where it is read. ErasedError.
        """

        def opened(row: Any) -> tuple[Note, bytes]:
            versions = note_versions.c
            newest = select(func.max(versions.number)).where(versions.note_id == row.id)
            check_fit(row, connection.scalar(newest))
            at = (versions.note_id == row.id) & (versions.number == row.number)
            version = connection.execute(select(note_versions).where(at)).one()
            return note_from(row), self._identities.opened(
                connection, note_versions, version, whose(row)
            )

        mine = (notes.c.case_id == case_id) & (notes.c.state == state)
        query = select(notes).where(mine).order_by(notes.c.contact_at.desc(), notes.c.id)
        return self._database.alarm.whole(connection.execute(query).all(), opened)
