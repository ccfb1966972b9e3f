"""Which cases are restricted, so that nobody undoes that by deleting or putting back a row.

Each restriction has a row of its own, which says who, when and why. One more row, the register, is
sealed over the ids of all of them, and the audit log says at which version it stands. A case in any
of these places is shut. Where the register itself is gone, damaged or out of date, what the log says
of restricting and lifting stands in for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select

from store.audit import SYSTEM, Audit
from store.errors import TamperedError
from store.identities import Identities
from store.payloads import decode
from store.pins import sealed_anew
from store.session import Database, now_ms
from store.tables import TEAM, audit, circles, identities

RESTRICTED = "restricted"
SHUT, LIFTED = "case restricted", "restriction lifted"
"""The actions of the audit log."""

REGISTER = "restricted cases"
"""The id of the row with all of them."""

_KIND = "register"
_PIN = sealed_anew(circles, 0).removesuffix("0")


@dataclass(frozen=True, slots=True)
class Register:
    """What the register says, or the log in its place."""

    cases: frozenset[str]  # ids
    version: int  # the highest that it has had; 0: there was none yet
    whole: bool


@dataclass(frozen=True, slots=True)
class Logged:
    """A case that was restricted, as the audit log has it."""

    actor: str
    at: int  # ms
    reason: bytes  # empty where it cannot be read


class Restrictions:
    """Keeps the register, and says what is not as it was set."""

    def __init__(self, database: Database, identities: Identities, audit_: Audit) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit_
        self._told: set[str] = set()

    def all(self) -> frozenset[str]:
        """Ids of the cases that are restricted. Rows need not open: a damaged one still shuts."""
        with self._database.read() as connection:
            return self.shut(connection)

    def shut(self, connection: Connection) -> frozenset[str]:
        """Likewise, as `connection` sees it."""
        return _rows(connection) | self._read(connection).cases

    def keeps(self, connection: Connection, case_id: str) -> bool:
        """Whether the register is whole, and has a case."""
        kept = self._read(connection)
        return kept.whole and case_id in kept.cases

    def stands(self, case_id: str) -> bool:
        """The same, by itself."""
        with self._database.read() as connection:
            return self.keeps(connection, case_id)

    def undone(self) -> list[str]:
        """Ids of cases whose restriction was taken away in the database, and not here; it is told of.

        With them the register's own, if it is not as it was kept.
        """
        with self._database.read() as connection:
            kept, there = self._read(connection), _rows(connection)
        found = sorted(kept.cases - there) + ([] if kept.whole else [REGISTER])
        self._told &= set(found)  # what was put right since is told of if it comes again
        for each in found:
            if each not in self._told:
                self._told.add(each)
                error = TamperedError("a restriction is not as it was set", each)
                self._database.alarm.tell(error)
        return found

    def logged(self, connection: Connection, case_id: str) -> Logged:
        """Who restricted a case, and why, where its own row is gone."""
        mine = (audit.c.object == case_id) & (audit.c.action == SHUT)
        query = select(audit).where(mine).order_by(audit.c.seq.desc()).limit(1)
        row = connection.execute(query).one_or_none()
        if row is None:
            return Logged(SYSTEM, 0, b"")
        return Logged(row.actor, row.at, self._audit.reason(connection, row))

    def begin(self) -> None:
        """Make the register of a home that has restricted cases from before there was one."""
        with self._database.read() as connection:
            if self._pinned(connection) or not _rows(connection):
                return
        with self._database.write() as connection:
            if not self._pinned(connection):  # nor did another process meanwhile
                self.keep(connection)

    def keep(self, connection: Connection, *, without: str = "") -> None:
        """Seal the register anew, over the rows there are and what it said before."""
        kept = self._read(connection)
        ids = (kept.cases | _rows(connection)) - {without}
        values = {
            "id": REGISTER,
            "case_id": TEAM,
            "kind": _KIND,
            "subject_id": TEAM,
            "actor_id": SYSTEM,
            "created_at": now_ms(),
            "scope": TEAM,
            "version": kept.version + 1,
        }
        payload = msgspec.json.encode(sorted(ids))
        sealed = self._identities.sealed(connection, circles, values, payload)
        if kept.version == 0:  # a first version is pinned by nobody else
            self._audit.pin(connection, circles, REGISTER, 1)
        connection.execute(delete(circles).where(circles.c.id == REGISTER))
        connection.execute(insert(circles).values(**sealed))

    def forget(self, connection: Connection, case_id: str) -> None:
        """A case was erased."""
        if case_id in self._read(connection).cases:
            self.keep(connection, without=case_id)

    def _read(self, connection: Connection) -> Register:
        pinned = self._pinned(connection)
        row = connection.execute(select(circles).where(circles.c.id == REGISTER)).one_or_none()
        if row is None and not pinned:
            return Register(frozenset(), 0, whole=True)
        try:
            return Register(frozenset(self._opened(connection, row, pinned)), pinned, whole=True)
        except TamperedError:  # `undone` tells of it; whoever only asks is answered all the same
            return Register(_logged(connection), max(pinned, _version(row)), whole=False)

    def _opened(self, connection: Connection, row: Any, pinned: int) -> list[str]:
        if row is None or row.version != pinned:
            raise TamperedError("the register of restricted cases was put back", REGISTER)
        return decode(self._identities.opened(connection, circles, row), list[str], REGISTER)

    def _pinned(self, connection: Connection) -> int:
        """The version that the log says the register stands at; 0 for none yet."""
        mine = (audit.c.object == REGISTER) & audit.c.action.startswith(_PIN)
        query = select(audit.c.action).where(mine).order_by(audit.c.seq.desc()).limit(1)
        action = connection.scalar(query)
        return 0 if action is None else int(action.removeprefix(_PIN))


def _rows(connection: Connection) -> frozenset[str]:
    query = select(circles.c.case_id).where(circles.c.kind == RESTRICTED)
    return frozenset(connection.scalars(query))


def _logged(connection: Connection) -> frozenset[str]:
    """What the log says of restricting and lifting: of each case, the last word."""
    there = audit.c.object.in_(select(identities.c.id).where(identities.c.erased_at.is_(None)))
    mine = audit.c.action.in_((SHUT, LIFTED)) & there
    query = select(audit.c.object, audit.c.action).where(mine)
    last: Iterable[Any] = connection.execute(query.order_by(audit.c.seq)).all()
    found = {row.object: row.action for row in last}
    return frozenset(case_id for case_id, action in found.items() if action == SHUT)


def _version(row: Any) -> int:
    return row.version if row is not None and isinstance(row.version, int) else 0
