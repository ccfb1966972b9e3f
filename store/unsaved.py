"""What people typed into a note and have not saved: one sealed row a person and note.

It is no version: it has no number, nobody's approval falls by it, and nobody but its writer reads
it. Each keeping replaces the row by a new one, so that a few seconds of typing leave no trail.
A note that does not exist yet has its kind in the place of its id, and its writer's own record as scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from store.audit import Audit
from store.errors import ConflictError
from store.identities import Identities
from store.notes import Note
from store.people import new_id
from store.session import Database, now_ms
from store.tables import notes, unsaved


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, as they left it."""

    since: int  # ms: when they began
    at: int  # ms: when it was kept last
    payload: bytes = field(repr=False)


class Unsaved:
    """Keeps it, gives it back to who typed it, and forgets it."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit

    def keep(
        self, note: Note, person_id: str, made: Callable[[bytes | None], bytes | None]
    ) -> int | None:
        """Put what `made` gives for what is there in its place; when (ms), or None.

        Where `made` gives None nothing is kept any more. What does not open is as nothing.
        ConflictError if the note was given to a case meanwhile.
        """
        with self._database.write() as connection:
            there = select(notes.c.scope).where(notes.c.id == note.id).with_for_update()
            if connection.scalar(there) != note.scope:
                raise ConflictError(f"note {note.id} has moved on already")
            return self._put(connection, (note.id, note.scope), person_id, made)

    def keep_new(
        self, kind: str, scope: str, person_id: str, made: Callable[[bytes | None], bytes | None]
    ) -> int | None:
        """As `keep`, of a note of a kind that does not exist yet, under its writer's own record."""
        with self._database.write() as connection:
            return self._put(connection, (kind, scope), person_id, made)

    def new(self, person_id: str) -> dict[str, int]:
        """Of which kinds this person has begun a note that does not exist yet, and when last (ms)."""
        known = select(notes.c.id).where(notes.c.id == unsaved.c.note_id).exists()
        query = select(unsaved.c.note_id, unsaved.c.at)
        query = query.where(unsaved.c.person_id == person_id, ~known).order_by(unsaved.c.since)
        with self._database.read() as connection:
            return {row.note_id: row.at for row in connection.execute(query)}

    def of(self, note_id: str, person_id: str) -> Typed | None:
        """What this person typed into a note; None if there is nothing. TamperedError, ErasedError."""
        with self._database.read() as connection:
            row = connection.execute(_mine(note_id, person_id)).one_or_none()
            if row is None:
                return None
            with self._database.alarm.noting(row):
                return self._typed(connection, row)

    def others(self, note_id: str, person_id: str) -> list[tuple[str, int, int]]:
        """Who else has typed into a note: id, since when and until when (ms); never what."""
        query = select(unsaved.c.person_id, unsaved.c.since, unsaved.c.at).where(
            unsaved.c.note_id == note_id, unsaved.c.person_id != person_id
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(unsaved.c.since)).all()
        return [(row.person_id, row.since, row.at) for row in rows]

    def throw_away(self, note_id: str, person_id: str) -> None:
        """Forget it; no error if there is nothing."""
        with self._database.write() as connection:
            gone = connection.execute(delete(unsaved).where(*_of(note_id, person_id)))
            if gone.rowcount:
                self._audit.append(connection, person_id, "unsaved words thrown away", note_id)

    def _put(
        self,
        connection: Connection,
        about: tuple[str, str],
        person_id: str,
        made: Callable[[bytes | None], bytes | None],
    ) -> int | None:
        note_id, scope = about
        rows = connection.execute(_mine(note_id, person_id)).all()
        found = self._database.alarm.whole(rows, lambda row: self._typed(connection, row))
        before = found[0] if found else None
        payload = made(before.payload if before else None)
        connection.execute(delete(unsaved).where(*_of(note_id, person_id)))
        if payload is None:
            return None
        now = now_ms()
        values = {
            "id": new_id(),
            "note_id": note_id,
            "person_id": person_id,
            "since": before.since if before else now,
            "at": now,
            "scope": scope,
            "version": 1,
        }
        sealed = self._identities.sealed(connection, unsaved, values, payload)
        connection.execute(insert(unsaved).values(**sealed))
        if before is None:
            self._audit.append(connection, person_id, "unsaved words kept", note_id)
        return now

    def _typed(self, connection: Connection, row: Any) -> Typed:
        return Typed(row.since, row.at, self._identities.opened(connection, unsaved, row))


def _of(note_id: str, person_id: str) -> tuple[Any, Any]:
    return unsaved.c.note_id == note_id, unsaved.c.person_id == person_id


def _mine(note_id: str, person_id: str) -> Any:
    return select(unsaved).where(*_of(note_id, person_id))
