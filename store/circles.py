"""Who sees a case beside its practitioner and their team, and whether the team does.

Somebody named on a case sees it as its practitioner does: to share it, or to stand in for them. A
restricted case is seen by its practitioner and by who is named on it, and by nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from store.audit import Audit, Detail
from store.errors import ConflictError, NotFoundError
from store.identities import Identities
from store.keys import CaseKeys
from store.payloads import decode_text
from store.people import new_id
from store.reach import IN_TEAM, Reach, Supervised, cases_of
from store.restrictions import LIFTED, RESTRICTED, SHUT, Restrictions
from store.session import Database, now_ms
from store.tables import circles, identities
from store.teams import Teams

NAMED = "named"


@dataclass(frozen=True, slots=True)
class Restriction:
    """That the team sees nothing of a case."""

    actor_id: str
    at: int  # ms; 0 where nobody can tell any more
    reason: str
    undone: bool = False  # its row was taken away in the database; it holds all the same


@dataclass(frozen=True, slots=True)
class Circle:
    """Who sees a case, beside its practitioner."""

    named: tuple[str, ...]  # ids of people, in the order they were named
    team_id: str | None  # it was given to; None: its practitioner's
    restriction: Restriction | None


class Circles:
    """Names people on cases, gives cases to teams, restricts them; and says what somebody sees."""

    def __init__(
        self, database: Database, identities_: Identities, audit: Audit, teams: Teams
    ) -> None:
        self._database = database
        self._identities = identities_
        self._audit = audit
        self._teams = teams
        self.restrictions = Restrictions(database, identities_, audit)

    def of(self, case_id: str) -> Circle:
        """The circle of a case; TamperedError if part of it is not as it was written."""
        query = select(circles).where(circles.c.case_id == case_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(circles.c.created_at, circles.c.id)).all()
            known = self._identities.many(connection, {row.scope for row in rows})
            said = {row.id: self._opened(connection, row, known) for row in rows}
            shut = [
                Restriction(row.actor_id, row.created_at, said[row.id])
                for row in _of(rows, RESTRICTED)
            ]
            if not shut and case_id in self.restrictions.shut(connection):
                shut = [self._logged(connection, case_id)]
        given = [row.subject_id for row in _of(rows, IN_TEAM)]
        named = tuple(row.subject_id for row in _of(rows, NAMED))
        return Circle(named, given[0] if given else None, shut[0] if shut else None)

    def named_on(self, person_id: str) -> frozenset[str]:
        """Ids of the cases that somebody is named on."""
        mine = (circles.c.kind == NAMED) & (circles.c.subject_id == person_id)
        alive = circles.c.scope.in_(select(identities.c.id).where(identities.c.erased_at.is_(None)))

        def opened(row: Any) -> str:
            self._opened(connection, row, known)
            return str(row.case_id)

        with self._database.read() as connection:
            rows = connection.execute(select(circles).where(mine, alive)).all()
            known = self._identities.many(connection, {row.scope for row in rows})
            return frozenset(self._database.alarm.whole(rows, opened))

    def restricted(self) -> frozenset[str]:
        """Ids of the cases that are restricted. The rows need not open: a damaged one still shuts."""
        return self.restrictions.all()

    def reach(self, person_id: str, case_ids: frozenset[str], *, supervises: bool) -> Reach:
        """What one of the staff sees, to whom `case_ids` are open by themselves."""
        shut = self.restricted() - case_ids
        own = Reach(practitioner_id=person_id, case_ids=case_ids, shut=shut)
        if not supervises:
            return own
        if not self._teams.any():
            return replace(own, all_teams=True)
        return replace(own, supervised=self._supervised(person_id))

    def name(self, case_id: str, person_id: str, actor: str) -> None:
        """Name somebody on a case; once named is fine."""
        with self._database.write() as connection:
            self._name(connection, case_id, person_id, actor)

    def unname(self, case_id: str, person_id: str, actor: str) -> None:
        """Take somebody off a case; NotFoundError if they are not named on it."""
        with self._database.write() as connection:
            self._remove(connection, _row(connection, case_id, NAMED, person_id))
            self._told(connection, actor, "person taken off case", case_id, person_id)

    def restrict(self, case_id: str, reason: str, actor: str, naming: Collection[str] = ()) -> None:
        """Shut a case to its team and name people on it, both or neither.

        Where the register of restricted cases is not whole, or lacks it, that is put right.
        ConflictError if it is restricted already.
        """
        with self._database.write() as connection:
            there = _row(connection, case_id, RESTRICTED) is not None
            if there and self.restrictions.keeps(connection, case_id):
                raise ConflictError("this case is restricted already")
            for person_id in naming:
                self._name(connection, case_id, person_id, actor)
            # The log first: its lock lets one writer of the register come after the other.
            self._told(connection, actor, SHUT, case_id, reason)
            if not there:
                self._add(connection, case_id, (RESTRICTED, case_id), actor, reason)
            self.restrictions.keep(connection)

    def lift(self, case_id: str, reason: str, actor: str) -> None:
        """Open it to its team again; NotFoundError if it is not restricted."""
        with self._database.write() as connection:
            row = _row(connection, case_id, RESTRICTED)
            if row is not None or case_id not in self.restrictions.shut(connection):
                self._remove(connection, row)
            self._told(connection, actor, LIFTED, case_id, reason)
            self.restrictions.keep(connection, without=case_id)

    def give(self, case_id: str, team_id: str | None, actor: str) -> None:
        """Give a case to a team; None: to its practitioner's."""
        with self._database.write() as connection:
            before = _row(connection, case_id, IN_TEAM)
            if before is not None:
                self._remove(connection, before)
            if team_id is not None:
                self._add(connection, case_id, (IN_TEAM, team_id), actor)
            self._told(connection, actor, "case given to team", case_id, team_id or "")

    def _name(self, connection: Connection, case_id: str, person_id: str, actor: str) -> None:
        if _row(connection, case_id, NAMED, person_id) is None:
            self._add(connection, case_id, (NAMED, person_id), actor)
            self._told(connection, actor, "person named on case", case_id, person_id)

    def _supervised(self, person_id: str) -> Supervised:
        mine = [each for each in self._teams.all() if person_id in each.people]
        people = frozenset(person for each in mine for person in each.people)
        teams = frozenset(each.id for each in mine)
        with self._database.read() as connection:
            found = frozenset(map(str, connection.scalars(cases_of(people, teams))))
        return Supervised(people, teams, found)

    def _add(
        self,
        connection: Connection,
        case_id: str,
        what: tuple[str, str],
        actor: str,
        words: str = "",
    ) -> None:
        kind, subject_id = what
        values = {
            "id": new_id(),
            "case_id": case_id,
            "kind": kind,
            "subject_id": subject_id,
            "actor_id": actor,
            "created_at": now_ms(),
            "scope": case_id,
            "version": 1,
        }
        sealed = self._identities.sealed(connection, circles, values, words.encode())
        connection.execute(insert(circles).values(**sealed))

    def _remove(self, connection: Connection, row: Any) -> None:
        if row is None:
            raise NotFoundError("that does not stand on this case")
        connection.execute(delete(circles).where(circles.c.id == row.id))

    def _told(
        self, connection: Connection, actor: str, action: str, case_id: str, words: str
    ) -> None:
        self._audit.append(connection, actor, action, case_id, Detail(case_id, words.encode()))

    def _logged(self, connection: Connection, case_id: str) -> Restriction:
        found = self.restrictions.logged(connection, case_id)
        reason = decode_text(found.reason, case_id)
        return Restriction(found.actor, found.at, reason, undone=True)

    def _opened(self, connection: Connection, row: Any, known: Mapping[str, CaseKeys]) -> str:
        return decode_text(self._identities.opened(connection, circles, row, known=known), row.id)


def _of(rows: Any, kind: str) -> list[Any]:
    return [row for row in rows if row.kind == kind]


def _row(connection: Connection, case_id: str, kind: str, subject_id: str | None = None) -> Any:
    query = select(circles).where(circles.c.case_id == case_id, circles.c.kind == kind)
    if subject_id is not None:
        query = query.where(circles.c.subject_id == subject_id)
    return connection.execute(query.with_for_update()).one_or_none()
