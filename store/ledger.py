"""The ledger of backups: which sets were made of this database, and until when each is kept.

A set is entered before the first byte of it is read, so that whatever is erased from then on knows
of it. Where it lies is sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from store.identities import Identities
from store.payloads import decode_text
from store.session import Database, now_ms
from store.tables import TEAM, backups, identities


@dataclass(frozen=True, slots=True)
class Backup:
    """One set, as far as this database knows."""

    id: str
    made_at: int  # ms; what was erased before is not in it
    verified_at: int | None  # None: not finished, or cut short
    expires_at: int | None  # None: kept until somebody removes it
    place: str  # folder


class Ledger:
    """Enters sets, and says which ones hold something."""

    def __init__(self, database: Database, identities_: Identities) -> None:
        self._database = database
        self._identities = identities_

    def begin(self, backup: Backup) -> None:
        """Enter a set that is about to be made, or one that was found."""
        values = {
            "id": backup.id,
            "made_at": backup.made_at,
            "verified_at": backup.verified_at,
            "expires_at": backup.expires_at,
            "gone_at": None,
            "scope": TEAM,
            "version": 1,
        }
        with self._database.write() as connection:
            place = backup.place.encode()
            row = self._identities.sealed(connection, backups, values, place)
            connection.execute(insert(backups).values(**row))

    def verified(self, set_id: str) -> None:
        """The set is whole, and was read back."""
        self._set(set_id, verified_at=now_ms())

    def gone(self, set_id: str) -> None:
        """The set was removed; nothing of it is left where it was."""
        self._set(set_id, gone_at=now_ms())

    def all(self) -> list[Backup]:
        """Every set that may still be there, oldest first."""
        query = select(backups).where(backups.c.gone_at.is_(None)).order_by(backups.c.made_at)
        with self._database.read() as connection:
            return [self._open(connection, row) for row in connection.execute(query)]

    def newest(self) -> int | None:
        """When the newest verified set was made (ms), whether or not it is still there."""
        query = select(backups.c.made_at).where(backups.c.verified_at.is_not(None))
        with self._database.read() as connection:
            return connection.scalar(query.order_by(backups.c.made_at.desc()).limit(1))

    def first_case(self) -> int | None:
        """When the oldest case that is not erased was added (ms); None if there is none."""
        alive = (identities.c.id != TEAM) & identities.c.erased_at.is_(None)
        with self._database.read() as connection:
            first: int | None = connection.scalar(
                select(func.min(identities.c.created_at)).where(alive)
            )
        return first

    def holding(self, since: int, erased_at: int) -> list[Backup]:
        """The sets that may hold what was there from `since` until `erased_at` (ms)."""
        return [
            each
            for each in self.all()
            if each.made_at <= erased_at and (each.verified_at is None or each.verified_at >= since)
        ]

    def _set(self, set_id: str, **values: int) -> None:
        with self._database.write() as connection:
            connection.execute(update(backups).where(backups.c.id == set_id).values(**values))

    def _open(self, connection: Connection, row: Any) -> Backup:
        place = decode_text(self._identities.opened(connection, backups, row), row.id)
        return Backup(row.id, row.made_at, row.verified_at, row.expires_at, place)
