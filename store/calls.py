"""A young person's calls: that they want to talk to somebody, or do not feel safe.

Each stands as a notice for their people until somebody has seen to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from store.audit import Audit
from store.errors import ConflictError, NotFoundError
from store.identities import Identities
from store.payloads import decode_text
from store.session import Database, now_ms
from store.shelf import Shelf
from store.tables import calls

TALK, UNSAFE = "talk", "unsafe"


@dataclass(frozen=True, slots=True)
class Call:
    """One call."""

    id: str
    case_id: str
    person_id: str  # the young person
    note_id: str | None  # what they were reading
    kind: str  # TALK or UNSAFE
    at: int  # ms
    seen_by: str | None
    seen_at: int | None  # ms; None: nobody has seen to it yet
    words: str  # theirs; empty for none


class Calls:
    """Keeps calls, and that they were seen to."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._shelf = Shelf(database, identities, calls)

    def make(
        self, person_id: str, case_id: str, kind: str, words: str = "", note_id: str | None = None
    ) -> str:
        """A new call; its id. ErasedError if their case is gone."""
        values = {
            "person_id": person_id,
            "note_id": note_id,
            "kind": kind,
            "seen_by": None,
            "seen_at": None,
        }
        with self._database.write() as connection:
            call_id = self._shelf.add(connection, case_id, values, words.encode())
            self._audit.append(connection, person_id, f"call: {kind}", case_id)
        return call_id

    def unseen(self) -> list[Call]:
        """Those that nobody has seen to yet, newest first."""
        return [_call(*each) for each in self._shelf.found(calls.c.seen_at.is_(None))]

    def get(self, call_id: str) -> Call:
        """One of them; NotFoundError."""
        for each in self._shelf.found(calls.c.id == call_id):
            return _call(*each)
        raise NotFoundError("there is no such call")

    def of(self, case_id: str) -> list[Call]:
        """All of a case, newest first."""
        return [_call(*each) for each in self._shelf.found(calls.c.scope == case_id)]

    def see(self, call_id: str, actor: str) -> None:
        """Somebody has seen to it; ConflictError if somebody had, or it is not there."""
        mine = (calls.c.id == call_id) & calls.c.seen_at.is_(None)
        with self._database.write() as connection:
            row = connection.execute(select(calls).where(mine).with_for_update()).first()
            if row is None:
                raise ConflictError("this call was seen to")
            values = {"seen_by": actor, "seen_at": now_ms()}
            connection.execute(update(calls).where(calls.c.id == call_id).values(**values))
            self._audit.append(connection, actor, "call seen to", row.scope)


def _call(row: Any, payload: bytes) -> Call:
    return Call(
        row.id,
        row.scope,
        row.person_id,
        row.note_id,
        row.kind,
        row.created_at,
        row.seen_by,
        row.seen_at,
        decode_text(payload, row.id),
    )
