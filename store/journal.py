"""The journal of intake: every file ever seen under a path, and what became of it.

A path names people, so it is sealed; rows are found by a keyed fingerprint of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from store.identities import Identities
from store.keys import KeyRing
from store.people import new_id
from store.session import Database, now_ms
from store.tables import identities, sightings

ARRIVING = "arriving"  # still being written, or not yet steady
ATTENTION = "attention"  # left where it is; a person must do something
SEALED = "sealed"  # in the vault, source still there
DUPLICATE = "duplicate"  # its bytes were in the vault already
REMOVED = "removed"  # in the vault, source removed
GONE = "gone"  # somebody took it away before it was taken in

_OPEN = (ARRIVING, ATTENTION)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One file as intake saw it."""

    id: str
    state: str
    reason: str | None  # a code; its sentence is the reader's business
    path: str  # relative to the intake folder
    size: int
    seen_at: int
    practitioner_id: str | None
    recording_id: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """What intake wants remembered of a file."""

    path: str
    scope: str
    practitioner_id: str | None
    state: str
    size: int
    reason: str | None = None
    recording_id: str | None = None


class Journal:
    """Remembers looks; an unchanged look writes nothing."""

    def __init__(self, database: Database, identities_: Identities, keys: KeyRing) -> None:
        self._database = database
        self._identities = identities_
        self._keys = keys

    def note(self, look: Look) -> None:
        """Remember `look`: the open entry of its path changes, or a new one begins."""
        with self._database.read() as connection:
            entry = self._open_entry(connection, look.path)
        if entry is not None and (entry.state, entry.reason) == (look.state, look.reason):
            return
        with self._database.write() as connection:
            entry = self._open_entry(connection, look.path)
            values = {
                "state": look.state,
                "reason": look.reason,
                "size": look.size,
                "seen_at": now_ms(),
                "recording_id": look.recording_id,
            }
            if entry is None:
                self._insert(connection, look, values)
            else:
                connection.execute(
                    update(sightings).where(sightings.c.id == entry.id).values(**values)
                )

    def removed(self, path: str) -> None:
        """The source of a sealed or doubled file is gone, as it should be."""
        tag = self._tag(path)
        with self._database.write() as connection:
            connection.execute(
                update(sightings)
                .where(sightings.c.tag == tag, sightings.c.state == SEALED)
                .values(state=REMOVED)
            )

    def waiting(self) -> list[Sighting]:
        """Files that are arriving or need attention, newest first."""
        return self._list(sightings.c.state.in_(_OPEN))

    def recent(self, limit: int = 100) -> list[Sighting]:
        """The latest entries of any state, newest first."""
        return self._list(None, limit)

    def _list(self, condition: Any, limit: int = 1000) -> list[Sighting]:
        alive = select(identities.c.id).where(identities.c.erased_at.is_(None))
        query = select(sightings).where(sightings.c.scope.in_(alive))
        if condition is not None:
            query = query.where(condition)
        query = query.order_by(sightings.c.seen_at.desc()).limit(limit)
        with self._database.read() as connection:
            return [self._sighting(connection, row) for row in connection.execute(query)]

    def _open_entry(self, connection: Connection, path: str) -> Any:
        query = select(sightings).where(
            sightings.c.tag == self._tag(path), sightings.c.state.in_(_OPEN)
        )
        return connection.execute(query.order_by(sightings.c.seen_at.desc())).first()

    def _insert(self, connection: Connection, look: Look, values: dict[str, Any]) -> None:
        sighting_id = new_id()
        place = ("sightings", sighting_id, 1)
        payload = look.path.encode("utf-8", "surrogateescape")
        connection.execute(
            insert(sightings).values(
                id=sighting_id,
                tag=self._tag(look.path),
                practitioner_id=look.practitioner_id,
                scope=look.scope,
                version=1,
                sealed=self._identities.seal(connection, look.scope, place, payload),
                **values,
            )
        )

    def _sighting(self, connection: Connection, row: Any) -> Sighting:
        place = ("sightings", row.id, row.version)
        path = self._identities.open(connection, row.scope, place, row.sealed)
        return Sighting(
            row.id,
            row.state,
            row.reason,
            path.decode("utf-8", "surrogateescape"),
            row.size,
            row.seen_at,
            row.practitioner_id,
            row.recording_id,
        )

    def _tag(self, path: str) -> str:
        return self._keys.tag("path", path.encode("utf-8", "surrogateescape"))
