"""Which note a recording is in: every one in one, and moved whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select, update

from store.audit import Audit
from store.errors import ConflictError
from store.records import ALIVE, CHAPTER, CLEAR, Recording, recording_of
from store.session import Database
from store.tables import notes, recordings


class Grouping:
    """Looks at the recordings of a case by their notes, and moves them."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def within(self, scope: str) -> dict[str, list[Recording]]:
        """The recordings there are of a case or own record that are in a note, by the note's id.

        A film that came in several files is the first of them.
        """
        query = select(*CLEAR).where(
            recordings.c.scope == scope, recordings.c.state != CHAPTER, ALIVE
        )
        found: dict[str, list[Recording]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query.where(recordings.c.note_id.is_not(None))):
                found.setdefault(row.note_id, []).append(recording_of(row))
        return found

    def notes(self, connection: Connection, case_id: str) -> int:
        """How many notes a case has had, in the caller's transaction."""
        query = select(func.count()).select_from(notes).where(notes.c.case_id == case_id)
        return connection.scalar(query) or 0

    def move(
        self,
        connection: Connection,
        recording_ids: Iterable[str] | None,
        between: tuple[str, str],
        actor: str,
    ) -> None:
        """Give recordings of the first of two notes to the second; None gives all, erased ones too.

        Raises ConflictError if one of them is not that note's any more.
        """
        before, after = between
        wanted = recordings.c.note_id == before
        ids = None if recording_ids is None else set(recording_ids)
        if ids is not None:
            wanted &= recordings.c.id.in_(ids)
        moved = set(connection.scalars(select(recordings.c.id).where(wanted)))
        if ids is not None and moved != ids:
            raise ConflictError(f"a recording is not note {before}'s any more")
        connection.execute(update(recordings).where(wanted).values(note_id=after))
        for recording_id in sorted(moved):
            self._audit.append(connection, actor, "recording regrouped", recording_id)
