"""Teams: what whoever runs Recorder does with them, and what a supervisor or administrator may.

An administrator sees every team and puts anybody into any. A supervisor sees those that they are in,
and puts into them who is in none yet, or in another of theirs: whoever joins a team is seen by its
supervisors, so nobody brings another team's work into their own sight.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.circling import able
from recorder.review.states import WRITERS, Role
from store.errors import ConflictError, DuplicateError, NotFoundError
from store.people import YOUNG_PERSON, Member
from store.store import Store
from store.teams import Team

MAX_NAME = 80
NO_TEAM = "there is no such team any more: choose one that is here"
_LOOKS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.DATA_PROTECTION})
_CHANGES = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


def add(store: Store, name: str, actor: str) -> Team:
    """A new team; the first begins with everybody in it. StateError."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > MAX_NAME:
        raise StateError(f"a team has a name of at most {MAX_NAME} characters", field="name")
    people = [] if store.teams.any() else [each.id for each in able(store)]
    try:
        return store.teams.add(cleaned, people, actor)
    except DuplicateError as error:
        raise StateError("there is a team of that name already", field="name") from error


def remove(store: Store, team_id: str, actor: str) -> None:
    """Remove a team that nobody is in any more, or the last one; StateError."""
    try:
        store.teams.remove(team_id, actor)
    except ConflictError as error:
        raise StateError("there are people in this team: have them leave it first") from error
    except NotFoundError as error:
        raise StateError(NO_TEAM) from error


def join(store: Store, team_id: str, person_id: str, actor: str) -> None:
    """Have somebody join a team; StateError if they cannot."""
    if person_id not in {each.id for each in able(store)}:
        raise StateError("a team has practitioners and supervisors who are here", field="person")
    try:
        store.teams.join(team_id, person_id, actor)
    except NotFoundError as error:
        raise StateError(NO_TEAM) from error


def leave(store: Store, team_id: str, person_id: str, actor: str) -> None:
    """Have somebody leave a team; StateError if they are not in it."""
    try:
        store.teams.leave(team_id, person_id, actor)
    except NotFoundError as error:
        raise StateError("they are not in that team") from error


@dataclass(frozen=True, slots=True)
class Row:
    """A team as somebody sees it."""

    team: Team
    people: Sequence[Member]  # in it, by name; those who have left, too
    others: Sequence[Member]  # whom this person can put into it


@dataclass(frozen=True, slots=True)
class People:
    """The people and teams that somebody sees."""

    teams: Sequence[Row]
    rest: Sequence[Member]  # of the staff whom they see and who are in no team
    may_change: bool
    any_teams: bool
    cases: frozenset[str]  # ids of those whose young people they can look at


class Teaming:
    """Opened for one person; to whoever has no part in it, there is no such room."""

    def __init__(self, store: Store, person: Member) -> None:
        self._store = store
        self._person = person
        self._role = Role(person.role)
        if self._role not in _LOOKS:
            raise UnknownError

    def all(self) -> People:
        """What this person sees."""
        staff = [each for each in self._store.people.all() if each.role != YOUNG_PERSON]
        staff.sort(key=lambda each: (each.name.casefold(), each.id))
        every = self._store.teams.all()
        mine = self._mine(every)
        placed = {who for team in every for who in team.people}
        rest = [each for each in staff if each.id not in placed and self._is_shown(each)]
        supervises = self._role is Role.SUPERVISOR
        within = {each.id for each in staff} if not every else {p for t in mine for p in t.people}
        return People(
            teams=[self._row(team, staff, every) for team in mine],
            rest=rest,
            may_change=self._role in _CHANGES,
            any_teams=self._store.teams.any(),
            cases=frozenset(
                each.id
                for each in staff
                if supervises and each.id in within and each.role == Role.PRACTITIONER.value
            ),
        )

    def add(self, name: str) -> None:
        """A new team; StateError."""
        self._by({Role.ADMINISTRATOR})
        add(self._store, name, self._person.id)

    def remove(self, team_id: str) -> None:
        """Remove a team; StateError."""
        self._by({Role.ADMINISTRATOR})
        remove(self._store, team_id, self._person.id)

    def join(self, team_id: str, person_id: str) -> None:
        """Put somebody into a team; StateError."""
        row = self.one(team_id)
        if not person_id:
            raise StateError("choose who joins", field="person")
        if person_id not in {each.id for each in row.others}:
            raise StateError("they cannot be put into this team from here", field="person")
        join(self._store, team_id, person_id, self._person.id)

    def leave(self, team_id: str, person_id: str) -> None:
        """Take somebody out of a team; StateError."""
        self.one(team_id)
        leave(self._store, team_id, person_id, self._person.id)

    def one(self, team_id: str) -> Row:
        """A team that this person may change; StateError if it is not there to them."""
        self._by(_CHANGES)
        found = [row for row in self.all().teams if row.team.id == team_id]
        if not found:
            raise StateError(NO_TEAM)
        return found[0]

    def _by(self, roles: Collection[Role]) -> None:
        if self._role not in roles:
            raise NotAllowedError("a supervisor or an administrator does this")

    def _mine(self, every: Sequence[Team]) -> list[Team]:
        if self._role is not Role.SUPERVISOR:
            return list(every)
        return [each for each in every if self._person.id in each.people]

    def _is_shown(self, each: Member) -> bool:
        # A leaver is in no team any more, and everybody who works here is to be found.
        return each.left_at is None and (
            self._role is not Role.SUPERVISOR or Role(each.role) in WRITERS
        )

    def _row(self, team: Team, staff: Sequence[Member], every: Sequence[Team]) -> Row:
        there = [each for each in staff if each.id in team.people]
        if self._role not in _CHANGES:
            return Row(team, there, [])
        beyond: set[str] = set()
        if self._role is Role.SUPERVISOR:
            own = {each.id for each in self._mine(every)}
            taken = {who for other in every if other.id not in own for who in other.people}
            known = {who for other in every if other.id in own for who in other.people}
            beyond = taken - known
        free = [
            each
            for each in staff
            if each.left_at is None
            and Role(each.role) in WRITERS
            and each.id not in team.people | beyond
        ]
        return Row(team, there, free)
