"""Successes that a team tells without saying whose they are, on its own wall.

A story is asked for by a worker, agreed to by its young person, approved by a supervisor, and goes
when any of them says so. It is sealed to its young person's key: erased with their case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update

from store.audit import Audit
from store.errors import ConflictError, NotFoundError
from store.identities import Identities
from store.payloads import decode_text
from store.session import Database, now_ms
from store.shelf import Shelf
from store.tables import stories

ASKED, AGREED, SHOWN, GONE = "asked", "agreed", "shown", "gone"


@dataclass(frozen=True, slots=True)
class Story:
    """One of them."""

    id: str
    case_id: str
    actor_id: str  # who wrote it
    at: int  # ms
    state: str  # ASKED, AGREED, SHOWN or GONE
    agreed_by: str | None
    agreed_at: int | None
    approved_by: str | None
    approved_at: int | None
    words: str


class Stories:
    """Writes, agrees to, approves and takes down."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._shelf = Shelf(database, identities, stories)

    def ask(self, actor: str, case_id: str, words: str) -> str:
        """A new story, to be agreed to by its young person; its id."""
        nobody = ("agreed_by", "agreed_at", "approved_by", "approved_at")
        values = {"actor_id": actor, "state": ASKED} | dict.fromkeys(nobody)
        with self._database.write() as connection:
            story_id = self._shelf.add(connection, case_id, values, words.encode())
            self._audit.append(connection, actor, "story asked", case_id)
        return story_id

    def agree(self, story_id: str, person_id: str) -> None:
        """Its young person agrees; ConflictError unless they were asked."""
        self._move(story_id, person_id, (ASKED,), AGREED, "agreed")

    def approve(self, story_id: str, actor: str) -> None:
        """A supervisor lets it be shown; ConflictError unless it was agreed to."""
        self._move(story_id, actor, (AGREED,), SHOWN, "approved")

    def take_down(self, story_id: str, actor: str) -> None:
        """It is not shown any more; ConflictError if it was taken down already."""
        self._move(story_id, actor, (ASKED, AGREED, SHOWN), GONE)

    def get(self, story_id: str) -> Story:
        """One of them; NotFoundError."""
        found = self._found(stories.c.id == story_id)
        if not found:
            raise NotFoundError("there is no such story")
        return found[0]

    def all(self, *states: str) -> list[Story]:
        """Those in these states, newest first."""
        return self._found(stories.c.state.in_(states))

    def of(self, case_id: str) -> list[Story]:
        """All of a case, newest first."""
        return self._found(stories.c.scope == case_id)

    def _found(self, condition: ColumnElement[bool]) -> list[Story]:
        return [_story(*each) for each in self._shelf.found(condition)]

    def _move(
        self, story_id: str, actor: str, states: tuple[str, ...], state: str, by: str = ""
    ) -> None:
        mine = (stories.c.id == story_id) & stories.c.state.in_(states)
        signed = {f"{by}_by": actor, f"{by}_at": now_ms()} if by else {}
        with self._database.write() as connection:
            row = connection.execute(select(stories).where(mine).with_for_update()).first()
            if row is None:
                raise ConflictError("this story stands otherwise now")
            values = {"state": state} | signed
            connection.execute(update(stories).where(stories.c.id == story_id).values(**values))
            self._audit.append(connection, actor, f"story {state}", row.scope)


def _story(row: Any, payload: bytes) -> Story:
    return Story(
        row.id,
        row.scope,
        row.actor_id,
        row.created_at,
        row.state,
        row.agreed_by,
        row.agreed_at,
        row.approved_by,
        row.approved_at,
        decode_text(payload, row.id),
    )
