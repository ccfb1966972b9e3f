"""Cases: a young person's record, its reference and the people around them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, true
from sqlalchemy.exc import IntegrityError

from store.audit import Audit
from store.errors import DuplicateError, NotFoundError
from store.identities import Identities
from store.journal import Journal
from store.keys import CaseKeys, KeyRing
from store.paging import Mark, behind
from store.payloads import decode
from store.people import case_tag, new_id
from store.reach import Reach
from store.session import Database, now_ms
from store.tables import cases

OPEN = "open"


@dataclass(frozen=True, slots=True)
class Around:
    """Somebody in a young person's life, or working with them."""

    name: str
    role: str  # parent, peer, professional, other ...


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """What a case row seals."""

    ref: str  # the team's own reference, as used in folder names
    name: str  # the young person's
    mosaic_id: str = ""  # digits; empty until known
    people: tuple[Around, ...] = ()
    known_as: tuple[str, ...] = ()  # other names they go by
    born: str = ""  # YYYY-MM-DD; empty until known


@dataclass(frozen=True, slots=True)
class Case:
    """A case that is open."""

    id: str
    practitioner_id: str
    details: CaseDetails


@dataclass(frozen=True, slots=True)
class Caseload:
    """Cases that were looked at together."""

    cases: Mapping[str, Case]  # by id
    damaged: tuple[str, ...]  # ids of those that do not open


class Cases:
    """Adds and finds."""

    def __init__(
        self,
        database: Database,
        identities: Identities,
        keys: KeyRing,
        audit: Audit,
        journal: Journal,
    ) -> None:
        self._database = database
        self._identities = identities
        self._keys = keys
        self._audit = audit
        self._journal = journal

    def add(self, details: CaseDetails, practitioner_id: str, actor: str) -> Case:
        """A new case with an identity of its own; DuplicateError if the reference is taken.

        What was seen in its folder before is sealed under it from now on.
        """
        case_id = new_id()
        try:
            with self._database.write() as connection:
                self._identities.create(connection, case_id)
                values = {
                    "id": case_id,
                    "tag": self._tag(details.ref),
                    "practitioner_id": practitioner_id,
                    "state": OPEN,
                    "created_at": now_ms(),
                    "scope": case_id,
                    "version": 1,
                }
                payload = msgspec.json.encode(details)
                sealed = self._identities.sealed(connection, cases, values, payload)
                connection.execute(insert(cases).values(**sealed))
                self._audit.append(connection, actor, "case added", case_id)
                self._journal.hand_over(connection, details.ref, case_id)
        except IntegrityError as error:
            raise DuplicateError("a case with this reference exists already") from error
        return Case(case_id, practitioner_id, details)

    def give(self, case_id: str, practitioner_id: str, actor: str) -> None:
        """Hand the case over: this is its practitioner from now on. NotFoundError, ErasedError."""
        with self._database.write() as connection:
            row = connection.execute(select(cases).where(cases.c.id == case_id)).one_or_none()
            if row is None:
                raise NotFoundError("there is no such case")
            payload = self._identities.opened(connection, cases, row)
            changed = {"practitioner_id": practitioner_id}
            self._identities.anew(connection, cases, row, changed, payload)
            self._audit.append(connection, actor, "case handed over", case_id)

    def complete(self, case_id: str, mosaic_id: str, born: str, actor: str) -> None:
        """Say who it is to others, or put it right; NotFoundError, ErasedError."""
        with self._database.write() as connection:
            row = connection.execute(select(cases).where(cases.c.id == case_id)).one_or_none()
            if row is None:
                raise NotFoundError("there is no such case")
            details = decode(self._identities.opened(connection, cases, row), CaseDetails, case_id)
            payload = msgspec.json.encode(replace(details, mosaic_id=mosaic_id, born=born))
            self._identities.anew(connection, cases, row, {}, payload)
            self._audit.append(connection, actor, "case completed", case_id)

    def get(self, case_id: str) -> Case:
        """The case; NotFoundError, or ErasedError once it was erased."""
        with self._database.read() as connection:
            return self._one(connection, cases.c.id == case_id)

    def by_ref(self, ref: str) -> Case:
        """The case with this reference; NotFoundError, or ErasedError."""
        with self._database.read() as connection:
            return self._one(connection, cases.c.tag == self._tag(ref), once=True)

    def id_of(self, ref: str) -> str:
        """The id of the case that has or had this reference, erased or not; NotFoundError."""
        query = select(cases.c.id).where(cases.c.tag == self._tag(ref))
        with self._database.read() as connection:
            found: str | None = connection.scalar(query)
        if found is None:
            raise NotFoundError("there is no such case")
        return found

    def all(self, practitioner_id: str | None = None) -> list[Case]:
        """Open cases, all or one practitioner's, by reference; `readable` names the damaged ones."""
        query = select(cases).where(cases.c.state == OPEN)
        if practitioner_id is not None:
            query = query.where(cases.c.practitioner_id == practitioner_id)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            known = self._identities.many(connection, {row.scope for row in rows})
            opened = partial(self._open, connection, known=known)
            found = self._database.alarm.whole(rows, opened)
        return sorted(found, key=lambda case: case.details.ref)

    def readable(self, practitioner_id: str | None = None) -> Caseload:
        """Open cases, all or one practitioner's; one that does not open hides no other."""
        own = true() if practitioner_id is None else cases.c.practitioner_id == practitioner_id
        return self._readable(own)

    def near(
        self, practitioner_id: str, beside: Collection[str], only: str | None = None
    ) -> Caseload:
        """Open cases that are one practitioner's, and those `beside`; of these `only` one, if named."""
        own = cases.c.practitioner_id == practitioner_id
        wanted = or_(own, cases.c.id.in_(beside))
        return self._readable(wanted if only is None else and_(cases.c.id == only, wanted))

    def within(self, reach: Reach) -> Caseload:
        """Open cases that are within reach."""
        return self._readable(reach.covers(cases.c.practitioner_id, cases.c.id))

    def _readable(self, wanted: ColumnElement[bool]) -> Caseload:
        with self._database.read() as connection:
            query = select(cases).where(cases.c.state == OPEN, wanted)
            rows = connection.execute(query).all()
            known = self._identities.many(connection, {row.scope for row in rows})
            opened = partial(self._open, connection, known=known)
            found = {case.id: case for case in self._database.alarm.whole(rows, opened)}
        return Caseload(found, tuple(row.id for row in rows if row.id not in found))

    def more_than(self, count: int, reach: Reach) -> bool:
        """Whether more open cases than that are within reach; no more of them are looked at."""
        within = reach.covers(cases.c.practitioner_id, cases.c.id)
        query = select(cases.c.id).where(cases.c.state == OPEN, within).limit(count + 1)
        with self._database.read() as connection:
            return len(connection.execute(query).all()) > count

    def newest(
        self, reach: Reach, limit: int, before: Mark | None = None, practitioner_id: str = ""
    ) -> tuple[list[Case], Mark | None]:
        """Open cases within reach, all or one practitioner's, the newest first.

        And from where it goes on.
        """
        within = reach.covers(cases.c.practitioner_id, cases.c.id)
        query = select(cases.c.id, cases.c.created_at).where(cases.c.state == OPEN, within)
        if practitioner_id:
            query = query.where(cases.c.practitioner_id == practitioner_id)
        query = behind(query, cases.c.created_at, cases.c.id, before).limit(limit + 1)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        found, shown = self.some([row.id for row in rows]), rows[:limit]
        further = Mark(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None
        return [found[row.id] for row in shown if row.id in found], further

    def some(self, case_ids: Collection[str]) -> dict[str, Case]:
        """Those of these cases that open, by id; one that does not is told of, and hides no other."""
        query = select(cases).where(cases.c.id.in_(case_ids), cases.c.state == OPEN)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            known = self._identities.many(connection, {row.scope for row in rows})
            opened = partial(self._open, connection, known=known)
            return {case.id: case for case in self._database.alarm.whole(rows, opened)}

    def _one(self, connection: Connection, condition: Any, *, once: bool = False) -> Case:
        row = connection.execute(select(cases).where(condition)).one_or_none()
        if row is None:
            raise NotFoundError("there is no such case")
        with self._database.alarm.noting(row, once=once):
            return self._open(connection, row)

    def _open(
        self, connection: Connection, row: Any, known: Mapping[str, CaseKeys] | None = None
    ) -> Case:
        payload = self._identities.opened(connection, cases, row, known=known or {})
        return Case(row.id, row.practitioner_id, decode(payload, CaseDetails, row.id))

    def _tag(self, ref: str) -> str:
        return case_tag(self._keys, ref)
