"""Teams and who is in them. A home without any is one team."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from store.audit import Audit
from store.errors import ConflictError, DuplicateError, NotFoundError
from store.identities import Identities
from store.payloads import decode_text
from store.people import fold, new_id
from store.reach import IN_TEAM
from store.session import Database, now_ms
from store.tables import TEAM, circles, memberships, teams


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it stands."""

    id: str
    name: str
    people: frozenset[str]  # ids


class Teams:
    """Makes and removes teams, and has people join and leave them."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit

    def all(self) -> list[Team]:
        """Every team, by name; a membership that is not as it was written is nobody's, and told of."""
        with self._database.read() as connection:
            return self._all(connection)

    def any(self) -> bool:
        """Whether there are teams at all, readable or not."""
        with self._database.read() as connection:
            return connection.scalar(select(teams.c.id).limit(1)) is not None

    def named(self, name: str) -> Team:
        """The team of that name, however it is spelled; NotFoundError."""
        found = [each for each in self.all() if fold(each.name) == fold(name)]
        if not found:
            raise NotFoundError("there is no such team")
        return found[0]

    def add(self, name: str, people: Collection[str], actor: str) -> Team:
        """A new team of these people; DuplicateError if there is one of that name."""
        team_id = new_id()
        values = {"id": team_id, "created_at": now_ms(), "scope": TEAM, "version": 1}
        with self._database.write() as connection:
            if fold(name) in {fold(each.name) for each in self._all(connection)}:
                raise DuplicateError("a team of this name exists already")
            sealed = self._identities.sealed(connection, teams, values, name.encode())
            connection.execute(insert(teams).values(**sealed))
            self._audit.append(connection, actor, "team added", team_id)
            for person_id in sorted(people):
                self._join(connection, team_id, person_id, actor)
        return Team(team_id, name, frozenset(people))

    def remove(self, team_id: str, actor: str) -> None:
        """Remove a team; what was given to it goes back to its practitioners' teams.

        NotFoundError if there is none; ConflictError while there are people in it and other teams:
        nobody is to lose sight of their work unnoticed.
        """
        its = memberships.c.team_id == team_id
        with self._database.write() as connection:
            there = set(connection.scalars(select(teams.c.id)))
            if team_id not in there:
                raise NotFoundError("there is no such team")
            if len(there) > 1 and connection.scalar(select(func.count()).where(its)):
                raise ConflictError("there are people in this team")
            given = (circles.c.kind == IN_TEAM) & (circles.c.subject_id == team_id)
            connection.execute(delete(circles).where(given))
            connection.execute(delete(memberships).where(its))
            connection.execute(delete(teams).where(teams.c.id == team_id))
            self._audit.append(connection, actor, "team removed", team_id)

    def join(self, team_id: str, person_id: str, actor: str) -> None:
        """Have somebody join a team; once joined is fine. NotFoundError if there is no such team."""
        with self._database.write() as connection:
            query = select(teams.c.id).where(teams.c.id == team_id)
            if connection.scalar(query) is None:
                raise NotFoundError("there is no such team")
            if connection.scalar(select(memberships.c.id).where(_one(team_id, person_id))) is None:
                self._join(connection, team_id, person_id, actor)

    def leave(self, team_id: str, person_id: str, actor: str) -> None:
        """Have somebody leave a team; NotFoundError if they are not in it."""
        with self._database.write() as connection:
            gone = connection.execute(delete(memberships).where(_one(team_id, person_id)))
            if gone.rowcount != 1:
                raise NotFoundError("they are not in this team")
            self._audit.append(connection, actor, "left team", person_id)

    def _join(self, connection: Connection, team_id: str, person_id: str, actor: str) -> None:
        values = {
            "id": new_id(),
            "team_id": team_id,
            "person_id": person_id,
            "created_at": now_ms(),
            "scope": TEAM,
            "version": 1,
        }
        sealed = self._identities.sealed(connection, memberships, values, b"")
        connection.execute(insert(memberships).values(**sealed))
        self._audit.append(connection, actor, "joined team", person_id)

    def _all(self, connection: Connection) -> list[Team]:
        rows = connection.execute(select(teams)).all()
        if not rows:
            return []
        whole = self._database.alarm.whole
        joined = whole(
            connection.execute(select(memberships)).all(), partial(self._member, connection)
        )
        found = whole(rows, partial(self._team, connection, joined))
        return sorted(found, key=lambda team: fold(team.name))

    def _member(self, connection: Connection, row: Any) -> tuple[str, str]:
        self._identities.opened(connection, memberships, row)
        return row.team_id, row.person_id

    def _team(self, connection: Connection, joined: Sequence[tuple[str, str]], row: Any) -> Team:
        name = decode_text(self._identities.opened(connection, teams, row), row.id)
        return Team(row.id, name, frozenset(who for team, who in joined if team == row.id))


def _one(team_id: str, person_id: str) -> Any:
    return (memberships.c.team_id == team_id) & (memberships.c.person_id == person_id)
