"""Legal holds: while one is in force, nothing of its case may be erased.

A case may be held for several matters at once; each hold is released by itself. The reasons are
sealed under the case's own key, and go with it when it is erased in the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from store.audit import Audit
from store.errors import HeldError, NotFoundError
from store.identities import Identities
from store.payloads import decode
from store.people import new_id
from store.session import Database, now_ms
from store.tables import holds, identities

_IN_FORCE = holds.c.released_at.is_(None)


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold in force."""

    id: str
    case_id: str
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
        values = {
            "id": new_id(),
            "case_id": case_id,
            "placed_by": actor,
            "placed_at": now_ms(),
            "released_by": None,
            "released_at": None,
            "scope": case_id,
            "version": 1,
        }
        with self._database.write() as connection:
            _take_turns(connection, case_id)
            payload = msgspec.json.encode(_Reasons(reason))
            row = self._identities.sealed(connection, holds, values, payload)
            connection.execute(insert(holds).values(**row))
            self._audit.append(connection, actor, "legal hold placed", case_id)
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
        """Every hold in force, oldest first."""
        query = select(holds).where(_IN_FORCE).order_by(holds.c.placed_at)
        with self._database.read() as connection:
            return [
                Hold(row.id, row.case_id, row.placed_at, self._reasons(connection, row).placed)
                for row in connection.execute(query)
            ]

    def forbid(self, connection: Connection, case_id: str) -> None:
        """HeldError if the case is held; none is placed until this transaction ends.

        TamperedError if a hold's row is not as it was written: it may never have been released.
        """
        _take_turns(connection, case_id)
        placed = connection.execute(select(holds).where(holds.c.case_id == case_id)).all()
        for row in placed:
            self._reasons(connection, row)
        if any(row.released_at is None for row in placed):
            raise HeldError("the case is under a legal hold")

    def _reasons(self, connection: Connection, row: Any) -> _Reasons:
        payload = self._identities.opened(connection, holds, row)
        return decode(payload, _Reasons, row.id)


def _take_turns(connection: Connection, case_id: str) -> None:
    """Holding a case and erasing it wait for each other, where a database lets two write at once."""
    same = identities.c.id == case_id
    connection.execute(select(identities.c.id).where(same).with_for_update())
