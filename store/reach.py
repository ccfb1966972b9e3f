"""Who sees what: the one rule, as asked of one thing and as asked of a table.

What is about a case goes with the case; what is about none yet, with whoever made it. A case is seen
by its practitioner, by whoever is named on it or opened it in an emergency, and by the supervisors of
its team. Of a restricted one the team sees nothing, not even that it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from store.tables import cases, circles, notes

IN_TEAM = "team"
"""The kind of a row that gives a case to a team, whatever its practitioner's."""


@dataclass(frozen=True, slots=True)
class Supervised:
    """Whose work a supervisor sees, where there are teams."""

    people: frozenset[str] = frozenset()  # in teams of theirs
    teams: frozenset[str] = frozenset()  # theirs
    cases: frozenset[str] = frozenset()  # what `cases_of` found


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may see: everything, or what is theirs, on their cases, and of their teams."""

    everyone: bool = False  # whoever holds the root key: restricted cases too
    practitioner_id: str | None = None  # who it is
    case_ids: frozenset[str] = frozenset()  # open to them by themselves
    shut: frozenset[str] = frozenset()  # restricted, and not among those
    all_teams: bool = False  # a supervisor, where there are no teams
    supervised: Supervised = Supervised()

    @property
    def supervises(self) -> bool:
        """Whether what nobody has claimed yet is theirs to see."""
        return self.everyone or self.all_teams or bool(self.supervised.teams)

    def holds(self, practitioner_id: str | None, case_id: str | None) -> bool:
        """Whether something of this practitioner and case is within reach."""
        if self.everyone or case_id in self.case_ids:
            return True
        if case_id in self.shut:
            return False
        if self.all_teams or (
            practitioner_id is not None and practitioner_id == self.practitioner_id
        ):
            return True
        if case_id is None:
            return practitioner_id in self.supervised.people
        return case_id in self.supervised.cases

    def clause(self) -> ColumnElement[bool]:
        """`holds`, for the rows of the notes table."""
        return self.covers(notes.c.practitioner_id, notes.c.case_id)

    def covers(
        self, practitioner_id: ColumnElement[Any], case_id: ColumnElement[Any]
    ) -> ColumnElement[bool]:
        """`holds`, for the rows of a query with these two columns."""
        if self.everyone:
            return true()
        by_themselves = case_id.in_(self.case_ids)
        if self.all_teams:
            theirs: ColumnElement[bool] = true()
        else:
            loose = and_(case_id.is_(None), practitioner_id.in_(self.supervised.people))
            of_teams = case_id.in_(cases_of(self.supervised.people, self.supervised.teams))
            who = self.practitioner_id
            own = false() if who is None else practitioner_id == who
            theirs = or_(own, loose, of_teams)
        return or_(by_themselves, and_(self._not_shut(case_id), theirs))

    def _not_shut(self, case_id: ColumnElement[Any]) -> ColumnElement[bool]:
        return or_(case_id.is_(None), case_id.not_in(self.shut))


def cases_of(people: frozenset[str], teams: frozenset[str]) -> Select[tuple[str]]:
    """Ids of the cases of teams: their people's, unless given to another team; and those given to them."""
    given = select(circles.c.case_id).where(circles.c.kind == IN_TEAM)
    by_people = and_(cases.c.practitioner_id.in_(people), cases.c.id.not_in(given))
    return select(cases.c.id).where(
        or_(by_people, cases.c.id.in_(given.where(circles.c.subject_id.in_(teams))))
    )
