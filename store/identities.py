"""Case identities in the database: made, used to seal rows, and destroyed."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from store.age import Identity, Recipient
from store.errors import ErasedError, NotFoundError
from store.keys import CaseKeys, KeyRing
from store.sealed import open_row, seal_row
from store.session import now_ms
from store.tables import identities


class Identities:
    """Seals and opens rows under the identity of the scope they belong to."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        # By the wrapped bytes, not the id: an erased or replaced identity can never be served
        # from here, because its row no longer holds those bytes.
        self._opened: dict[bytes, CaseKeys] = {}

    def create(self, connection: Connection, scope: str) -> None:
        """A fresh identity for `scope`."""
        identity = Identity.new()
        connection.execute(
            insert(identities).values(
                id=scope,
                recipient=identity.recipient.public,
                wrapped=self._keys.wrap(scope, identity),
                created_at=now_ms(),
            )
        )

    def recipient(self, connection: Connection, scope: str) -> Recipient:
        """The public key that recordings of `scope` are sealed to."""
        public = connection.scalar(select(identities.c.recipient).where(identities.c.id == scope))
        if public is None:
            raise NotFoundError(f"there is no identity {scope}")
        return Recipient(public)

    def keys(self, connection: Connection, scope: str) -> CaseKeys:
        """The secret keys of `scope`; ErasedError once they were destroyed."""
        found = connection.execute(
            select(identities.c.wrapped).where(identities.c.id == scope)
        ).one_or_none()
        if found is None:
            raise NotFoundError(f"there is no identity {scope}")
        if found.wrapped is None:
            raise ErasedError(f"identity {scope} was erased")
        if found.wrapped not in self._opened:
            self._opened[found.wrapped] = self._keys.unwrap(scope, found.wrapped)
        return self._opened[found.wrapped]

    def seal(
        self, connection: Connection, scope: str, place: tuple[str, str, int], payload: bytes
    ) -> bytes:
        """`payload` sealed for `place`: table, row id, version."""
        return seal_row(self.keys(connection, scope).row_key, *place, payload)

    def open(
        self, connection: Connection, scope: str, place: tuple[str, str, int], sealed: bytes
    ) -> bytes:
        """The payload of the row at `place`; TamperedError or ErasedError."""
        return open_row(self.keys(connection, scope).row_key, *place, sealed)

    def destroy(self, connection: Connection, scope: str) -> None:
        """Destroy the identity. What was sealed under it never opens again."""
        connection.execute(
            update(identities)
            .where(identities.c.id == scope)
            .values(wrapped=None, erased_at=now_ms())
        )
        self._opened.clear()
