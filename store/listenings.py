"""Who listened to what a sentence stands on, and what came of hearing an approved note once more.

What an entry says is bytes to this module. Entries are only ever added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from store.audit import Audit
from store.errors import ConflictError
from store.identities import Identities
from store.keys import KeyRing
from store.notes import Note, note_from
from store.people import new_id
from store.session import Database, now_ms
from store.tables import alive, decisions, listenings, notes, relistenings

_DRAW_DIGITS = 8  # hex, of a keyed fingerprint
_DRAWS: int = 1 << 4 * _DRAW_DIGITS
_APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Listened:
    """One entry."""

    note_id: str
    number: int  # the version
    actor_id: str
    created_at: int  # ms since 1970, UTC
    payload: bytes


@dataclass(frozen=True, slots=True)
class Approved:
    """A note that stands approved, and by whom."""

    note: Note
    approver_id: str


class _Entries:
    _table: Table

    def __init__(self, database: Database, identities_: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities_
        self._audit = audit

    def _insert(
        self, connection: Connection, note: Note, number: int, actor: str, payload: bytes
    ) -> None:
        values = {
            "id": new_id(),
            "note_id": note.id,
            "number": number,
            "actor_id": actor,
            "created_at": now_ms(),
            "scope": note.scope,
            "version": 1,
        }
        sealed = self._identities.sealed(connection, self._table, values, payload)
        connection.execute(insert(self._table).values(**sealed))

    def _opened(self, connection: Connection, row: Any) -> Listened:
        with self._database.alarm.noting(row):
            payload = self._identities.opened(connection, self._table, row)
        return Listened(row.note_id, row.number, row.actor_id, row.created_at, payload)


class Listenings(_Entries):
    """That somebody listened to what a sentence stands on, whole."""

    _table = listenings

    def add(self, note: Note, number: int, actor: str, payload: bytes) -> None:
        """Keep one, of version `number`; ConflictError if the note was given to a case meanwhile."""
        with self._database.write() as connection:
            there = select(notes.c.scope).where(notes.c.id == note.id).with_for_update()
            if connection.scalar(there) != note.scope:
                raise ConflictError(f"note {note.id} was given to a case meanwhile")
            self._insert(connection, note, number, actor, payload)
            self._audit.append(connection, actor, "sentence listened to", note.id)

    def of(self, note_id: str, actor: str) -> list[Listened]:
        """All that one person listened to of a note, oldest first. TamperedError."""
        mine = (listenings.c.note_id == note_id) & (listenings.c.actor_id == actor)
        query = select(listenings).where(mine).order_by(listenings.c.created_at, listenings.c.id)
        with self._database.read() as connection:
            return [self._opened(connection, row) for row in connection.execute(query).all()]


class Relistenings(_Entries):
    """What came of hearing approved versions once more, and which are to be heard."""

    _table = relistenings

    def __init__(
        self, database: Database, identities_: Identities, audit: Audit, keys: KeyRing
    ) -> None:
        super().__init__(database, identities_, audit)
        self._keys = keys

    def rank(self, note_id: str, number: int, part: str) -> str:
        """Orders parts of a version by chance, always alike; likewise by the key."""
        return self._keys.tag("relistening", f"{note_id} {number} {part}")

    def drawn(self, note_id: str, number: int, per_cent: float) -> bool:
        """Whether a version is of the sample: by a key that nobody sees, and by nothing else."""
        digits = self._keys.tag("relistening", f"{note_id} {number}")[:_DRAW_DIGITS]
        share: float = int(digits, 16) / _DRAWS
        return share * 100 < per_cent

    def waiting(self, since_ms: int) -> Sequence[Approved]:
        """Versions that were approved since then, stand so, and were not heard again; oldest first.

        Of cases that are not erased. No row is opened.
        """
        ruled = decisions.join(notes, decisions.c.note_id == notes.c.id)
        same = (relistenings.c.note_id == notes.c.id) & (relistenings.c.number == notes.c.number)
        query = (
            select(notes, decisions.c.actor_id)
            .select_from(ruled)
            .where(
                decisions.c.kind == _APPROVED,
                decisions.c.number == notes.c.number,
                decisions.c.created_at >= since_ms,
                notes.c.state == _APPROVED,
                alive(notes.c.scope),
                ~select(relistenings.c.id).where(same).exists(),
            )
            .order_by(decisions.c.created_at)
        )
        with self._database.read() as connection:
            # Approved, returned and approved again: the last of them counts.
            found = {
                row.id: Approved(note_from(row), row.actor_id) for row in _rows(connection, query)
            }
        return list(found.values())

    def add(self, connection: Connection, note: Note, actor: str, payload: bytes) -> None:
        """Keep what came of it, once a version; ConflictError if somebody else was first."""
        same = (relistenings.c.note_id == note.id) & (relistenings.c.number == note.number)
        if connection.scalar(select(relistenings.c.id).where(same)) is not None:
            raise ConflictError(f"version {note.number} of note {note.id} was heard again already")
        self._insert(connection, note, note.number, actor, payload)
        self._audit.append(connection, actor, f"note heard again at version {note.number}", note.id)

    def all(self) -> list[tuple[str, bytes]]:
        """What came of each, with the kind of its note; of cases that are not erased.

        What does not open is told of and left out.
        """
        joined = relistenings.join(notes, relistenings.c.note_id == notes.c.id)
        query = select(relistenings, notes.c.kind).select_from(joined)
        query = query.where(alive(relistenings.c.scope))

        def opened(row: Any) -> tuple[str, bytes]:
            return row.kind, self._identities.opened(connection, relistenings, row, known=known)

        with self._database.read() as connection:
            rows = _rows(connection, query)
            known = self._identities.many(connection, {row.scope for row in rows})
            return self._database.alarm.whole(rows, opened)


def _rows(connection: Connection, query: Any) -> Sequence[Any]:
    return connection.execute(query).all()
