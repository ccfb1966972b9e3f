"""Case identities in the database: made, used to seal rows, and destroyed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from store import age
from store.errors import ErasedError, NotFoundError, TamperedError
from store.keys import CaseKeys, KeyRing
from store.sealed import Clear, Place, open_row, seal_row
from store.session import now_ms
from store.tables import TEAM, bound_columns, identities, key_of

Pin = Callable[[Connection, Table, str, int], None]
"""(connection, table, row id, version): remembers that the row stands at this version."""

_NONE: Mapping[str, CaseKeys] = MappingProxyType({})


class Identities:
    """Seals and opens rows under the identity of the scope they belong to."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._pin: Pin | None = None
        # By what the row holds, not the id alone: an erased or replaced identity can never be served
        # from here, because its row no longer holds that.
        self._opened: dict[tuple[str, str, bytes, bytes], CaseKeys] = {}

    def pinning(self, pin: Pin) -> None:
        """From now on, `pin` is called in the transaction that seals a row anew."""
        self._pin = pin

    def create(self, connection: Connection, scope: str) -> None:
        """A fresh identity for `scope`.

        TamperedError if the root key was rotated since this process opened: what is wrapped under
        an old root would be lost with it.
        """
        if scope != TEAM:
            self._hold(connection)
        identity = age.new_identity()
        connection.execute(
            insert(identities).values(
                id=scope,
                kind=identity.kind,
                recipient=identity.recipient.public,
                wrapped=self._keys.wrap(scope, identity),
                created_at=now_ms(),
            )
        )

    def recipient(self, connection: Connection, scope: str) -> age.KeyRecipient:
        """The public key that recordings of `scope` are sealed to; ErasedError once it is gone."""
        return recipient_of(connection, scope)

    def keys(self, connection: Connection, scope: str) -> CaseKeys:
        """The secret keys of `scope`; ErasedError once they were destroyed.

        TamperedError if the row's public key is not theirs: what would be sealed to it from now
        on could be opened by whoever put it there, and by nobody here.
        """
        return self._of(_row(connection, scope))

    def many(self, connection: Connection, scopes: Collection[str]) -> dict[str, CaseKeys]:
        """The keys of those of `scopes` that are there, whole and not erased, in one look.

        `keys` says what is wrong with the others.
        """
        found: dict[str, CaseKeys] = {}
        for row in connection.execute(select(identities).where(identities.c.id.in_(scopes))):
            with suppress(ErasedError, TamperedError):
                found[row.id] = self._of(row)
        return found

    def seal(self, connection: Connection, scope: str, place: Place, payload: bytes) -> bytes:
        """`payload` sealed for `place` under the key of `scope`."""
        return seal_row(self.keys(connection, scope).row_key, place, payload)

    def open(self, connection: Connection, scope: str, place: Place, sealed: bytes) -> bytes:
        """The payload that was sealed for `place`; TamperedError or ErasedError."""
        return open_row(self.keys(connection, scope).row_key, place, sealed)

    def sealed(
        self,
        connection: Connection,
        table: Table,
        values: Mapping[str, Any],
        payload: bytes,
        also: Clear = (),
    ) -> dict[str, Any]:
        """`values`, every clear column of a row of `table`, with `payload` sealed among them.

        `also` is authenticated too: what must be given again to open the row.
        """
        place = place_of(table, values, also)
        if place.version > 1 and self._pin is not None:
            self._pin(connection, table, place.row_id, place.version)
        return {**values, "sealed": self.seal(connection, values["scope"], place, payload)}

    def opened(
        self,
        connection: Connection,
        table: Table,
        row: Row[Any] | Mapping[str, Any],
        also: Clear = (),
        known: Mapping[str, CaseKeys] = _NONE,
    ) -> bytes:
        """The payload of a row of `table`; `known` are keys that need not be looked up.

        TamperedError if it, or a clear column bound to it, is not as it was sealed; ErasedError.
        """
        values: Mapping[Any, Any] = row._mapping if isinstance(row, Row) else row  # noqa: SLF001 - SQLAlchemy's public way to columns by name
        scope = values["scope"]
        keys = known.get(scope) or self.keys(connection, scope)
        return open_row(keys.row_key, place_of(table, values, also), values["sealed"])

    def anew(
        self,
        connection: Connection,
        table: Table,
        row: Row[Any],
        changed: Mapping[str, Any],
        payload: bytes,
        also: Clear = (),
    ) -> None:
        """Write `payload` and what has `changed` in the clear columns as a row's next version."""
        new = {**changed, "version": row.version + 1}
        values = {**row._mapping, **new}  # noqa: SLF001 - SQLAlchemy's public way to columns by name
        new["sealed"] = self.sealed(connection, table, values, payload, also)["sealed"]
        mine = table.c[key_of(table)] == values[key_of(table)]
        connection.execute(update(table).where(mine).values(**new))

    def rewrap(self, connection: Connection, header: bytes, scope: str, to: str) -> bytes:
        """An age header of `scope`, written anew for the identity `to`; its payload stays as it is.

        Raises HeaderError or NoMatchError for a header that was not sealed to `scope`.
        """
        file_key = age.open_key(header, [self.keys(connection, scope).identity])
        return age.wrap_key(file_key, [self.recipient(connection, to)])

    def destroy(self, connection: Connection, scope: str) -> None:
        """Destroy the identity, both halves. What was sealed under it never opens again."""
        connection.execute(
            update(identities)
            .where(identities.c.id == scope)
            .values(wrapped=None, recipient=b"", erased_at=now_ms())
        )
        self._opened.clear()

    def _hold(self, connection: Connection) -> None:
        """Make sure that the root is still in force, and stays so until this transaction ends."""
        held = select(identities.c.id).where(identities.c.id == TEAM).with_for_update(read=True)
        connection.execute(held)
        self.keys(connection, TEAM)

    def _of(self, row: Any) -> CaseKeys:
        if row.wrapped is None:
            raise ErasedError(f"identity {row.id} was erased")
        held = (row.id, row.kind, row.recipient, row.wrapped)
        if held not in self._opened:
            keys = self._keys.unwrap(row.id, row.kind, row.wrapped)
            if keys.identity.recipient.public != row.recipient:
                raise TamperedError(
                    f"identity {row.id} has another public key than it was made with", row.id
                )
            self._opened[held] = keys
        return self._opened[held]


def recipient_of(connection: Connection, scope: str) -> age.KeyRecipient:
    """The public key of `scope` as it stands there; only who can open it can tell if it is real."""
    row = _row(connection, scope)
    if row.wrapped is None:
        raise ErasedError(f"identity {scope} was erased")
    return age.recipient_from(row.kind, row.recipient)


def _row(connection: Connection, scope: str) -> Any:
    row = connection.execute(select(identities).where(identities.c.id == scope)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no identity {scope}")
    return row


def place_of(table: Table, values: Mapping[Any, Any], also: Clear = ()) -> Place:
    """Where the payload of a row of `table` belongs, with the clear columns bound to it."""
    clear = tuple((name, values[name]) for name in bound_columns(table))
    return Place(str(table.name), values[key_of(table)], values["version"], clear + also)
