"""Legal holds: while one is in force, nothing of its case, or of somebody's own record, may be erased.

Either may be held for several matters at once; each hold is released by itself. The reasons are sealed
under the key of what is held, and go with it when it is erased in the end. What is taken out of a held
case stays held where it goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from store.audit import Audit
from store.errors import HeldError, NotFoundError, TamperedError
from store.identities import Identities
from store.payloads import decode
from store.people import new_id
from store.session import Database, now_ms
from store.tables import alive, holds, identities

UNREADABLE = "the entry of this hold does not open"

_IN_FORCE = holds.c.released_at.is_(None)


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold in force."""

    id: str
    case_id: str  # or the member of staff's whose own record it is
    placed_at: int  # ms
    reason: str


@dataclass(frozen=True, slots=True)
class _Reasons:
    placed: str
    released: str = ""


class Holds:
    """Places, releases and lists."""

    def __init__(self, database: Database, identities_: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities_
        self._audit = audit

    def place(self, case_id: str, reason: str, actor: str) -> str:
        """Hold a case; the hold's id. ErasedError if there is nothing left to hold."""
        with self._database.write() as connection:
            _take_turns(connection, case_id)
            return self._place(connection, case_id, reason, actor)

    def follow(self, connection: Connection, scope: str, to: str, actor: str) -> None:
        """What goes from one scope to another is held there as it was: a hold for each, once.

        TamperedError if a hold's row is not as it was written.
        """
        for each in sorted((scope, to)):
            _take_turns(connection, each)
        there = {said.placed for _, said in self._in_force(connection, to)}
        for row, _ in self._in_force(connection, scope):
            if with_hold(row.id) not in there:
                self._place(connection, to, with_hold(row.id), actor)

    def _place(self, connection: Connection, scope: str, reason: str, actor: str) -> str:
        values = {
            "id": new_id(),
            "case_id": scope,
            "placed_by": actor,
            "placed_at": now_ms(),
            "released_by": None,
            "released_at": None,
            "scope": scope,
            "version": 1,
        }
        payload = msgspec.json.encode(_Reasons(reason))
        row = self._identities.sealed(connection, holds, values, payload)
        connection.execute(insert(holds).values(**row))
        self._audit.append(connection, actor, "legal hold placed", scope)
        return str(values["id"])

    def release(self, hold_id: str, reason: str, actor: str) -> None:
        """End a hold; NotFoundError if it is not in force."""
        query = select(holds).where(holds.c.id == hold_id, _IN_FORCE).with_for_update()
        with self._database.write() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                raise NotFoundError("there is no such hold in force")
            said = _Reasons(self._reasons(connection, row).placed, reason)
            ended = {"released_by": actor, "released_at": now_ms()}
            self._identities.anew(connection, holds, row, ended, msgspec.json.encode(said))
            self._audit.append(connection, actor, "legal hold released", row.case_id)

    def all(self) -> list[Hold]:
        """Every hold in force, oldest first; none of what a restore erased again.

        One whose row does not open holds all the same, and says so in place of its reason.
        """
        query = select(holds).where(_IN_FORCE, alive(holds.c.scope)).order_by(holds.c.placed_at)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            return [
                Hold(row.id, row.case_id, row.placed_at, self._reason(connection, row))
                for row in rows
            ]

    def forbid(self, connection: Connection, case_id: str) -> None:
        """HeldError if the case is held; none is placed until this transaction ends.

        TamperedError if a hold's row is not as it was written: it may never have been released.
        """
        _take_turns(connection, case_id)
        if self._in_force(connection, case_id):
            raise HeldError("the case is under a legal hold")

    def _in_force(self, connection: Connection, scope: str) -> list[tuple[Any, _Reasons]]:
        """The holds on a scope. All that were ever placed are opened: none is released by its row alone."""
        placed = connection.execute(select(holds).where(holds.c.case_id == scope)).all()
        said = [(row, self._reasons(connection, row)) for row in placed]
        return [(row, reasons) for row, reasons in said if row.released_at is None]

    def _reason(self, connection: Connection, row: Any) -> str:
        try:
            return self._reasons(connection, row).placed
        except TamperedError as error:
            self._database.alarm.tell(error)
            return UNREADABLE

    def _reasons(self, connection: Connection, row: Any) -> _Reasons:
        payload = self._identities.opened(connection, holds, row)
        return decode(payload, _Reasons, row.id)


def with_hold(hold_id: str) -> str:
    """The reason of a hold that stands because what it holds was taken from under another one."""
    return f"taken from under hold {hold_id}"


def _take_turns(connection: Connection, case_id: str) -> None:
    """Holding a case and erasing it wait for each other, where a database lets two write at once."""
    same = identities.c.id == case_id
    connection.execute(select(identities.c.id).where(same).with_for_update())
