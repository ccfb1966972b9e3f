"""Blobs and rows that miss each other.

A crash between sealing and registering leaves a blob that no row names: an orphan. It is noted when
it is first seen and removed once it has been one for a day, longer than any file takes to be sealed
and registered. A row without its blob is an incident: nothing here makes up for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Connection, delete, insert, select

from store.audit import SYSTEM, Audit
from store.errors import StoreError, VaultError
from store.session import Database, now_ms
from store.tables import key_of, metadata, orphans
from store.vault import VAULT_AWAY, Location, Vault
from store.vault.local import is_bare

GRACE_MS = 24 * 60 * 60 * 1000
_FEW = 100
_SHARE = 10  # one in so many


@dataclass(frozen=True, slots=True)
class Lost:
    """A row whose blob is not in the vault."""

    table: str
    id: str


def require_there(database: Database, vault: Location) -> None:
    """VaultError where rows name blobs, and the vault's folder is gone or has nothing in it.

    Its drive is away then. What would be put there meanwhile could not be found once it is back.
    """
    if not isinstance(vault, Path) or (vault.is_dir() and not is_bare(vault)):
        return
    with database.read() as connection:
        for column in _columns():
            query = select(column).where(column.is_not(None), column != "").limit(1)
            if connection.scalar(query) is not None:
                raise VaultError(VAULT_AWAY)


class Strays:
    """Finds both, and removes orphans in time."""

    def __init__(self, database: Database, audit: Audit, vault: Vault) -> None:
        self._database = database
        self._audit = audit
        self._vault = vault

    def orphans(self) -> set[str]:
        """Blobs that no row names just now. One that is being taken in may be among them."""
        # The vault first: what is put there after this is not looked at yet.
        there = set(self._vault.ids())
        with self._database.read() as connection:
            return there - named(connection).keys()

    def lost(self) -> list[Lost]:
        """Rows that name a blob which is not in the vault."""
        # The rows first: what is registered after this is not looked at yet.
        with self._database.read() as connection:
            before = named(connection)
        gone = before.keys() - set(self._vault.ids())
        with self._database.read() as connection:  # unless it was erased meanwhile
            still = named(connection)
        return sorted((still[blob] for blob in gone & still.keys()), key=lambda each: each.id)

    def sweep(self) -> int:
        """Note new orphans and remove those noted a day ago; how many were removed.

        StoreError, and none is removed, when they are so many that this is more likely the wrong
        database for the vault.
        """
        there, now = set(self._vault.ids()), now_ms()
        with self._database.write() as connection:
            found = there - named(connection).keys()
            due = _noted(connection, found, now)
        if len(due) > max(_FEW, len(there) // _SHARE):
            raise StoreError(
                f"{len(due)} blobs in the vault belong to no row, which is too many to be left "
                "over from crashes: nothing was removed. Is this the database of this vault?"
            )
        for blob in due:
            with self._database.write() as connection:
                if blob in named(connection):
                    continue
                connection.execute(delete(orphans).where(orphans.c.blob == blob))
                self._audit.append(connection, SYSTEM, "orphan blob removed", blob)
            self._vault.delete(blob)
        return len(due)


def leave(connection: Connection, blobs: Iterable[str]) -> None:
    """Note blobs whose rows were just removed: they are due at once."""
    for blob in blobs:
        # A sweep may have noted it before there was a row.
        connection.execute(delete(orphans).where(orphans.c.blob == blob))
        connection.execute(insert(orphans).values(blob=blob, found_at=0))


def left_over(connection: Connection) -> list[str]:
    """What was noted by `leave` and is named by no row."""
    due = connection.scalars(select(orphans.c.blob).where(orphans.c.found_at == 0)).all()
    return sorted(set(due) - named(connection).keys()) if due else []


def _noted(connection: Connection, found: set[str], now: int) -> list[str]:
    """Those of `found` that are due; the notes are brought to what was found."""
    known = {row.blob: row.found_at for row in connection.execute(select(orphans))}
    for blob in known.keys() - found:
        connection.execute(delete(orphans).where(orphans.c.blob == blob))
    for blob in found - known.keys():
        connection.execute(insert(orphans).values(blob=blob, found_at=now))
    return sorted(blob for blob in found & known.keys() if known[blob] <= now - GRACE_MS)


def named(connection: Connection) -> dict[str, Lost]:
    """Every blob that a row names, and the row."""
    found: dict[str, Lost] = {}
    for column in _columns():
        table = column.table
        query = select(table.c[key_of(table)], column).where(column.is_not(None), column != "")
        found |= {row[1]: Lost(table.name, row[0]) for row in connection.execute(query)}
    return found


def _columns() -> list[Column[str]]:
    """Wherever a row names a blob: a table to come is not forgotten."""
    tables = (each for each in metadata.sorted_tables if each is not orphans)
    return [each.c.blob for each in tables if "blob" in each.c]
