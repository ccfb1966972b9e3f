"""The people who sign in: staff under the team's scope, young people under their own case's."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from store.audit import Audit
from store.errors import DuplicateError, NotFoundError, TamperedError
from store.identities import Identities
from store.keys import CaseKeys, KeyRing
from store.payloads import decode
from store.session import Database, now_ms
from store.tables import TEAM, alive, credentials, links, people, sessions

YOUNG_PERSON = "young_person"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who can sign in."""

    id: str
    role: str  # practitioner, supervisor, young_person ...
    handle: str  # short name used in folder names and commands
    name: str
    case_id: str | None  # a young person's own case
    username: str = ""  # in the council's system, as it was once kept here; only suggested now
    left_at: int | None = None  # ms; None: they are here


@dataclass(frozen=True, slots=True)
class _Details:
    handle: str
    name: str
    username: str = ""
    left_at: int | None = None


def new_id() -> str:
    """A random id of 32 hex digits."""
    return uuid.uuid4().hex


def fold(text: str) -> str:
    """The form in which handles and references are compared."""
    return unicodedata.normalize("NFC", text).casefold().strip()


def case_tag(keys: KeyRing, ref: str) -> str:
    """The fingerprint of a case's reference, however it is spelled."""
    # A folder's name may hold bytes that are no UTF-8, kept as surrogates.
    return keys.tag("case", fold(ref).encode("utf-8", "surrogateescape"))


class People:
    """Adds and finds members of the team and the young people they work with."""

    def __init__(
        self, database: Database, identities_: Identities, keys: KeyRing, audit: Audit
    ) -> None:
        self._database = database
        self._identities = identities_
        self._keys = keys
        self._audit = audit

    def add(self, member: Member, actor: str) -> Member:
        """Store `member` (its id is ignored); DuplicateError if the handle is taken."""
        person_id = new_id()
        scope = member.case_id if member.case_id is not None else TEAM
        payload = msgspec.json.encode(_Details(member.handle, member.name, member.username))
        try:
            with self._database.write() as connection:
                values = {
                    "id": person_id,
                    "tag": self._tag(member.handle),
                    "role": member.role,
                    "case_id": member.case_id,
                    "active": True,
                    "created_at": now_ms(),
                    "scope": scope,
                    "version": 1,
                }
                sealed = self._identities.sealed(connection, people, values, payload)
                connection.execute(insert(people).values(**sealed))
                self._audit.append(connection, actor, "person added", person_id)
        except IntegrityError as error:
            raise DuplicateError("somebody with this handle exists already") from error
        return self.get(person_id)

    def get(self, person_id: str) -> Member:
        """The member; NotFoundError, or ErasedError for an erased young person."""
        with self._database.read() as connection:
            return self._one(connection, people.c.id == person_id)

    def by_handle(self, handle: str) -> Member:
        """The member called `handle`, whatever its case; NotFoundError if nobody is."""
        with self._database.read() as connection:
            return self._one(connection, people.c.tag == self._tag(handle), once=True)

    def all(self, *roles: str) -> list[Member]:
        """Everyone in `roles` (any, if none is named) whose record can be opened.

        Staff first, by handle.
        """
        query = select(people).where(alive(people.c.scope))
        if roles:
            query = query.where(people.c.role.in_(roles))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            members = self._whole(connection, rows)
        return sorted(members, key=lambda member: (member.role == YOUNG_PERSON, member.handle))

    def leave(self, person_id: str, actor: str) -> None:
        """They have left: every way in ends with this. Their name stays in what they wrote."""
        with self._database.write() as connection:
            self._stand(connection, person_id, now_ms())
            for table in (sessions, links, credentials):
                connection.execute(delete(table).where(table.c.person_id == person_id))
            self._audit.append(connection, actor, "person left", person_id)

    def come_back(self, person_id: str, actor: str) -> None:
        """They are here again, and come in by a new link."""
        with self._database.write() as connection:
            self._stand(connection, person_id, None)
            self._audit.append(connection, actor, "person came back", person_id)

    def call(self, person_id: str, name: str, actor: str) -> None:
        """This is what they are called from now on; NotFoundError."""
        with self._database.write() as connection:
            query = select(people).where(people.c.id == person_id)
            row = connection.execute(query).one_or_none()
            if row is None:
                raise NotFoundError("there is no such person")
            details = decode(self._identities.opened(connection, people, row), _Details, row.id)
            payload = msgspec.json.encode(replace(details, name=name))
            self._identities.anew(connection, people, row, {}, payload)
            self._audit.append(connection, actor, "name chosen", person_id)

    def _stand(self, connection: Connection, person_id: str, left_at: int | None) -> None:
        row = connection.execute(select(people).where(people.c.id == person_id)).one()
        details = decode(self._identities.opened(connection, people, row), _Details, row.id)
        payload = msgspec.json.encode(replace(details, left_at=left_at))
        self._identities.anew(connection, people, row, {"active": left_at is None}, payload)

    def some(self, person_ids: Collection[str]) -> dict[str, Member]:
        """Those of these people whose record can be opened, by id."""
        query = select(people).where(people.c.id.in_(person_ids), alive(people.c.scope))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            members = self._whole(connection, rows)
        return {member.id: member for member in members}

    def of_case(self, case_id: str) -> Member | None:
        """The young person of a case, if they have been given a sign-in."""
        query = select(people).where(people.c.case_id == case_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else self._open(connection, row)

    def _one(self, connection: Connection, condition: Any, *, once: bool = False) -> Member:
        row = connection.execute(select(people).where(condition)).one_or_none()
        if row is None:
            raise NotFoundError("there is no such person")
        with self._database.alarm.noting(row, once=once):
            return self._open(connection, row)

    def _whole(self, connection: Connection, rows: Sequence[Any]) -> list[Member]:
        """Those that open, with each identity looked up once."""
        known = self._identities.many(connection, {row.scope for row in rows})
        return self._database.alarm.whole(rows, partial(self._open, connection, known=known))

    def _open(
        self, connection: Connection, row: Any, known: Mapping[str, CaseKeys] | None = None
    ) -> Member:
        payload = self._identities.opened(connection, people, row, known=known or {})
        details = decode(payload, _Details, row.id)
        if row.active != (details.left_at is None):
            raise TamperedError(f"whether person {row.id} has left was changed", row.id)
        return Member(row.id, row.role, case_id=row.case_id, **asdict(details))

    def _tag(self, handle: str) -> str:
        return self._keys.tag("handle", fold(handle))
