"""Cases that were opened in an emergency, by somebody who does not see them otherwise.

Each has a reason, ends by itself, and stands as a notice until somebody has looked into it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from store.audit import Audit, Detail
from store.errors import ConflictError
from store.identities import Identities
from store.keys import CaseKeys
from store.payloads import decode_text
from store.people import new_id
from store.session import Database, now_ms
from store.tables import emergencies, identities

_ALIVE = emergencies.c.scope.in_(select(identities.c.id).where(identities.c.erased_at.is_(None)))
_UNSEEN = emergencies.c.reviewed_at.is_(None)


@dataclass(frozen=True, slots=True)
class Emergency:
    """A case that was opened."""

    id: str
    case_id: str
    person_id: str  # who opened it
    at: int  # ms
    ends_at: int  # ms: by itself
    ended_at: int | None  # ms: sooner, by somebody
    reviewed_by: str | None
    reviewed_at: int | None  # ms; None: nobody has looked into it yet
    reason: str

    @property
    def over_at(self) -> int:
        """When it is or was over (ms)."""
        return self.ends_at if self.ended_at is None else min(self.ended_at, self.ends_at)


class Emergencies:
    """Opens cases for a time, ends that, and lists what was opened."""

    def __init__(self, database: Database, identities_: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities_
        self._audit = audit

    def open(self, case_id: str, person_id: str, reason: str, lifetime_ms: int) -> str:
        """Open a case to somebody; its id. ErasedError if there is nothing left to open."""
        now = now_ms()
        values = {
            "id": new_id(),
            "case_id": case_id,
            "person_id": person_id,
            "created_at": now,
            "ends_at": now + lifetime_ms,
            "ended_at": None,
            "reviewed_by": None,
            "reviewed_at": None,
            "scope": case_id,
            "version": 1,
        }
        words = reason.encode()
        with self._database.write() as connection:
            sealed = self._identities.sealed(connection, emergencies, values, words)
            connection.execute(insert(emergencies).values(**sealed))
            detail = Detail(case_id, words)
            self._audit.append(connection, person_id, "case opened in emergency", case_id, detail)
        return str(values["id"])

    def open_to(self, person_id: str) -> list[Emergency]:
        """Those of somebody's that are not over."""
        return self._found(
            emergencies.c.person_id == person_id,
            emergencies.c.ends_at > now_ms(),
            emergencies.c.ended_at.is_(None),
        )

    def unseen(self) -> list[Emergency]:
        """Those that nobody has looked into yet, newest first."""
        return self._found(_UNSEEN)

    def all(self) -> list[Emergency]:
        """Every one of a case that was not erased, newest first."""
        return self._found()

    def end(self, emergency_id: str, actor: str) -> None:
        """End one before its time; ConflictError if it is over or not there."""
        now = now_ms()
        going_on = emergencies.c.ended_at.is_(None) & (emergencies.c.ends_at > now)
        mine = (emergencies.c.id == emergency_id) & going_on
        self._change(mine, {"ended_at": now}, "emergency ended", actor)

    def review(self, emergency_id: str, actor: str) -> None:
        """Somebody has looked into it; ConflictError if somebody had, or it is not there."""
        mine = (emergencies.c.id == emergency_id) & _UNSEEN
        values = {"reviewed_by": actor, "reviewed_at": now_ms()}
        self._change(mine, values, "emergency looked into", actor)

    def _change(
        self, mine: ColumnElement[bool], values: dict[str, Any], action: str, actor: str
    ) -> None:
        with self._database.write() as connection:
            row = connection.execute(select(emergencies).where(mine).with_for_update()).first()
            if row is None:
                raise ConflictError("this emergency is over, or was looked into")
            one = emergencies.c.id == row.id
            connection.execute(update(emergencies).where(one).values(**values))
            self._audit.append(connection, actor, action, row.case_id)

    def _found(self, *conditions: ColumnElement[bool]) -> list[Emergency]:
        newest = (emergencies.c.created_at.desc(), emergencies.c.id)
        query = select(emergencies).where(_ALIVE, *conditions).order_by(*newest)
        with self._database.read() as connection:
            rows: Sequence[Any] = connection.execute(query).all()
            known = self._identities.many(connection, {row.scope for row in rows})
            return self._database.alarm.whole(rows, partial(self._opened, connection, known))

    def _opened(self, connection: Connection, known: Mapping[str, CaseKeys], row: Any) -> Emergency:
        sealed = self._identities.opened(connection, emergencies, row, known=known)
        reason = decode_text(sealed, row.id)
        return Emergency(
            row.id,
            row.case_id,
            row.person_id,
            row.created_at,
            row.ends_at,
            row.ended_at,
            row.reviewed_by,
            row.reviewed_at,
            reason,
        )
