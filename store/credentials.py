"""How people prove who they are: sealed, found by person or by a keyed fingerprint.

What a credential says (a password's hash, a passkey's public key ...) is bytes to this module.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from store.audit import Audit
from store.errors import ConflictError, DuplicateError, NotFoundError
from store.identities import Identities
from store.keys import KeyRing
from store.people import new_id
from store.session import Database, now_ms
from store.tables import credentials, people


@dataclass(frozen=True, slots=True)
class Credential:
    """One way in."""

    id: str
    person_id: str
    kind: str  # password, passkey ...
    version: int  # how often it was sealed: `change` wants the one that was read
    created_at: int  # ms
    payload: bytes = field(repr=False)


class Credentials:
    """Adds, finds, changes and removes them."""

    def __init__(
        self, database: Database, identities: Identities, keys: KeyRing, audit: Audit
    ) -> None:
        self._database = database
        self._identities = identities
        self._keys = keys
        self._audit = audit

    def of(self, person_id: str) -> list[Credential]:
        """All of a person's, oldest first; TamperedError if one is not as it was sealed."""
        query = select(credentials).where(credentials.c.person_id == person_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(credentials.c.created_at, credentials.c.id))
            return [self._opened(connection, row) for row in rows.all()]

    def has_any(self, person_id: str, kinds: Collection[str]) -> bool:
        """Whether a person has any of these kinds: asked at every page, so none is opened."""
        mine = (credentials.c.person_id == person_id) & credentials.c.kind.in_(kinds)
        query = select(credentials.c.id).where(mine).limit(1)
        with self._database.read() as connection:
            return connection.scalar(query) is not None

    def are_any(self, kind: str) -> bool:
        """Whether anybody has one of `kind`."""
        query = select(credentials.c.id).where(credentials.c.kind == kind).limit(1)
        with self._database.read() as connection:
            return connection.scalar(query) is not None

    def named(self, kind: str, name: str) -> Credential:
        """The one of `kind` that was added under `name`; NotFoundError."""
        query = select(credentials).where(credentials.c.tag == self._tag(kind, name))
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                raise NotFoundError("there is no such credential")
            return self._opened(connection, row)

    def add(
        self, person_id: str, kind: str, payload: bytes, actor: str, name: str | None = None
    ) -> str:
        """Keep a new one and return its id; `name` finds it and is kept as a fingerprint only.

        DuplicateError if the name is taken, NotFoundError for nobody.
        """
        try:
            with self._database.write() as connection:
                return self._add(connection, person_id, (kind, payload, name), actor)
        except IntegrityError as error:
            raise DuplicateError("this is somebody's already") from error

    def put(self, person_id: str, new: dict[str, list[bytes]], actor: str) -> None:
        """Put new ones in the place of all that a person has of these kinds, in one step."""
        with self._database.write() as connection:
            mine = credentials.c.person_id == person_id
            connection.execute(delete(credentials).where(mine, credentials.c.kind.in_(list(new))))
            for kind, payloads in new.items():
                for payload in payloads:
                    self._add(connection, person_id, (kind, payload, None), actor)

    def change(self, credential: Credential, payload: bytes) -> None:
        """Seal it anew; ConflictError if it was used, changed or removed since it was read."""
        mine = credentials.c.id == credential.id
        with self._database.write() as connection:
            row = connection.execute(select(credentials).where(mine).with_for_update()).first()
            if row is None or row.version != credential.version:
                raise ConflictError(f"credential {credential.id} was used meanwhile")
            self._identities.anew(connection, credentials, row, {}, payload)

    def remove(self, credential: Credential, actor: str) -> None:
        """Take one away, at once and for good; ConflictError if it is gone, used or changed since."""
        mine = (credentials.c.id == credential.id) & (credentials.c.version == credential.version)
        with self._database.write() as connection:
            if connection.execute(delete(credentials).where(mine)).rowcount != 1:
                raise ConflictError(f"credential {credential.id} was used meanwhile")
            self._audit.append(
                connection, actor, f"{credential.kind} removed", credential.person_id
            )

    def clear(self, person_id: str, actor: str) -> None:
        """Take all of a person's away; none is fine."""
        with self._database.write() as connection:
            mine = credentials.c.person_id == person_id
            if connection.execute(delete(credentials).where(mine)).rowcount:
                self._audit.append(connection, actor, "account cleared", person_id)

    def _add(
        self, connection: Connection, person_id: str, new: tuple[str, bytes, str | None], actor: str
    ) -> str:
        kind, payload, name = new
        scope = connection.scalar(select(people.c.scope).where(people.c.id == person_id))
        if scope is None:
            raise NotFoundError("there is no such person")
        values = {
            "id": new_id(),
            "person_id": person_id,
            "kind": kind,
            "tag": None if name is None else self._tag(kind, name),
            "created_at": now_ms(),
            "scope": scope,
            "version": 1,
        }
        sealed = self._identities.sealed(connection, credentials, values, payload)
        connection.execute(insert(credentials).values(**sealed))
        self._audit.append(connection, actor, f"{kind} added", person_id)
        return str(values["id"])

    def _tag(self, kind: str, name: str) -> str:
        return self._keys.tag(f"credential/{kind}", name)

    def _opened(self, connection: Connection, row: Any) -> Credential:
        with self._database.alarm.noting(row):
            payload = self._identities.opened(connection, credentials, row)
        return Credential(row.id, row.person_id, row.kind, row.version, row.created_at, payload)
