"""The journal of intake: every file ever seen under a path, and what became of it.

A path names people, so it is sealed; rows are found by a keyed fingerprint of it. A file in a case's
folder, whoever's that lies in, is the case's: its entry is sealed under the case, and goes with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from store.errors import TamperedError
from store.identities import Identities
from store.keys import CaseKeys, KeyRing
from store.people import case_tag, new_id
from store.session import Database, now_ms
from store.tables import TEAM, alive, cases, identities, sightings

ARRIVING = "arriving"  # still being written, or not whole yet
SETTLING = "settling"  # lies still, but not yet for long enough; or its turn has not come
ATTENTION = "attention"  # left where it is; a person must do something
LEFT_OUT = "left_out"  # left where it is, and nobody has to do anything
SEALED = "sealed"  # in the vault, source still there
DUPLICATE = "duplicate"  # its bytes were in the vault already
REMOVED = "removed"  # in the vault, source removed
GONE = "gone"  # somebody took it away before it was taken in
DROPPED = "dropped"  # a person refused it

NOT_REMOVED: Final = "not_removed"  # the reason of a source that should be gone and cannot be
NOBODY: Final = "nobody"  # the reason of a file that is sealed and waits for an owner
SOURCE_REMOVED = "removed"  # the reason of a duplicate whose source is gone

_OPEN = (ARRIVING, SETTLING, ATTENTION, LEFT_OUT)
NEWEST = (sightings.c.seen_at.desc(), sightings.c.id)  # first
ENTRIES = select(sightings).where(alive(sightings.c.scope)).order_by(*NEWEST)
LYING = (sightings.c.state == SEALED) | (
    (sightings.c.state == DUPLICATE)
    & or_(sightings.c.reason.is_(None), sightings.c.reason != SOURCE_REMOVED)
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One file as intake saw it."""

    id: str
    state: str
    reason: str | None  # a code; its sentence is the reader's business
    path: str  # relative to the intake folder
    sentence: str  # why and what to do, for what needs attention
    size: int
    seen_at: int
    practitioner_id: str | None
    recording_id: str | None
    case_id: str | None  # whose folder it lies in, once there is such a case


@dataclass(frozen=True, slots=True)
class Look:
    """What intake wants remembered of a file."""

    path: str
    scope: str
    practitioner_id: str | None
    state: str
    size: int
    reason: str | None = None
    sentence: str = ""
    signature: str = ""  # size, time and inode of a file that was taken in
    recording_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Details:
    path: str  # surrogates as on disk
    sentence: str
    signature: str

    def encoded(self) -> bytes:
        # json and not msgspec: a path may hold bytes that are no UTF-8, kept as surrogates.
        return json.dumps([self.path, self.sentence, self.signature]).encode()

    @classmethod
    def of(cls, payload: bytes, sighting_id: str) -> _Details:
        """TamperedError for anything that `encoded` did not write."""
        try:
            fields = msgspec.convert(json.loads(payload), tuple[str, str, str])
        except (ValueError, RecursionError):  # whose own words may quote it
            fields = ("", "", "")
        found = cls(*fields)
        if found.encoded() != payload:
            raise TamperedError("a sighting does not say what it should", sighting_id)
        return found


def case_folder(folders: Sequence[str]) -> str | None:
    """Which of the folders that a file lies in, outermost first, is a case's: <whose>/<case>/..."""
    return folders[1] if len(folders) > 1 else None


class Journal:
    """Remembers looks; an unchanged look writes nothing."""

    def __init__(self, database: Database, identities_: Identities, keys: KeyRing) -> None:
        self._database = database
        self._identities = identities_
        self._keys = keys
        self._whole = database.alarm.whole

    def note(self, look: Look) -> None:
        """Remember `look`: the open entry of its path changes, or a new one begins."""
        with self._database.read() as connection:
            entry = self._entry(connection, look.path, sightings.c.state.in_(_OPEN))
        if entry is not None and (entry.state, entry.reason) == (look.state, look.reason):
            return
        self.keep([look], {})

    def keep(self, looks: Iterable[Look], ended: Mapping[str, str]) -> None:
        """Remember `looks`, and that the open entries of other paths came to an end, by state."""
        with self._database.write() as connection:
            for look in looks:
                self.enter(connection, look)
            for path, state in ended.items():
                still = (sightings.c.tag == self._tag(path)) & sightings.c.state.in_(_OPEN)
                connection.execute(update(sightings).where(still).values(state=state))

    def enter(self, connection: Connection, look: Look) -> None:
        """As `note`, inside the transaction that makes it so.

        A source in the vault that is met once more is no duplicate of itself.
        """
        entry = self._entry(connection, look.path, sightings.c.state.in_(_OPEN))
        if look.state == DUPLICATE:
            same = sightings.c.recording_id == look.recording_id
            first = self._entry(connection, look.path, same & LYING)
            if first is not None:
                if entry is not None:
                    connection.execute(delete(sightings).where(sightings.c.id == entry.id))
                look, entry = replace(look, state=first.state), first
        elif look.state == SEALED:  # whatever lay there before lies there no more
            _source_removed(connection, self._tag(look.path))
        self._put(connection, look, entry)

    def add(self, connection: Connection, look: Look) -> None:
        """An entry of its own for what lay in no folder, whatever lies in one under its path."""
        self._put(connection, look, None)

    def _put(self, connection: Connection, look: Look, entry: Any) -> None:
        sighting_id, version = (new_id(), 1) if entry is None else (entry.id, entry.version + 1)
        values = self._values(connection, look, sighting_id, version)
        if entry is None:
            connection.execute(insert(sightings).values(**values))
        else:
            same = sightings.c.id == sighting_id
            connection.execute(update(sightings).where(same).values(**values))

    def hand_over(self, connection: Connection, ref: str, scope: str) -> None:
        """Seal under `scope` what was seen in the folder of its reference before there was a case."""
        wanted = case_tag(self._keys, ref)
        for row, details, tag in self._teams(connection):
            if tag == wanted:
                self._identities.anew(
                    connection, sightings, row, {"scope": scope}, details.encoded()
                )

    def forget_erased(self, connection: Connection) -> None:
        """Remove what was seen in the folders of erased cases, and is sealed under the team.

        Rows of before there was `hand_over` are. What lies there after the erasure is new.
        """
        erased_at = identities.c.erased_at
        query = select(cases.c.tag, erased_at).join(identities, identities.c.id == cases.c.id)
        rows = connection.execute(query.where(erased_at.is_not(None)))
        erased = {row.tag: row.erased_at for row in rows}
        if not erased:
            return
        for row, _, tag in self._teams(connection):
            if tag in erased and row.seen_at <= erased[tag]:
                connection.execute(delete(sightings).where(sightings.c.id == row.id))

    def removed(self, *paths: str) -> None:
        """The sources of sealed or doubled files are gone, as they should be."""
        with self._database.write() as connection:
            for path in paths:
                _source_removed(connection, self._tag(path))

    def stuck(self, *paths: str) -> None:
        """The sources of sealed or doubled files should be gone, and could not be removed."""
        with self._database.write() as connection:
            for path in paths:
                lies = (sightings.c.tag == self._tag(path)) & LYING
                connection.execute(update(sightings).where(lies).values(reason=NOT_REMOVED))

    def sources(self, recording_id: str) -> list[tuple[str, str]]:
        """The files that a recording was taken in from: path and signature."""
        query = select(sightings).where(
            sightings.c.recording_id == recording_id, alive(sightings.c.scope)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            found = self._whole(rows, partial(self._details, connection))
        return [(each.path, each.signature) for each in found]

    def waiting(self) -> list[Sighting]:
        """Files that are on their way, need attention or are left out, newest first."""
        query = ENTRIES.where(sightings.c.state.in_(_OPEN))
        with self._database.read() as connection:
            return self.whole(connection, connection.execute(query).all())

    def lying(self) -> list[tuple[str, str]]:
        """Path and signature of files in the vault whose source is not known to be gone."""
        return self._marks(LYING)

    def dropped(self) -> list[tuple[str, str]]:
        """Path and signature of files that a person refused."""
        return self._marks(sightings.c.state == DROPPED)

    def _marks(self, condition: Any) -> list[tuple[str, str]]:
        query = select(sightings).where(alive(sightings.c.scope), condition)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(sightings.c.seen_at)).all()
            found = self._whole(rows, partial(self._details, connection))
        return [(each.path, each.signature) for each in found]

    def recent(self, limit: int = 100) -> list[Sighting]:
        """The latest entries of any state, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(ENTRIES.limit(limit)).all()
            return self.whole(connection, rows)

    def _entry(self, connection: Connection, path: str, condition: Any) -> Any:
        """The newest entry of a path that meets a condition."""
        query = select(sightings).where(sightings.c.tag == self._tag(path), condition)
        return connection.execute(query.order_by(sightings.c.seen_at.desc())).first()

    def _teams(self, connection: Connection) -> Iterator[tuple[Any, _Details, str]]:
        """Entries sealed under the team, of files in a case's folder: with that case's tag."""
        for row in connection.execute(select(sightings).where(sightings.c.scope == TEAM)).all():
            try:
                details = self._details(connection, row)
            except TamperedError:
                continue  # it names nobody any more; whoever lists it is told
            if tag := self._case_tag(details.path):
                yield row, details, tag

    def _scope(self, connection: Connection, look: Look) -> str:
        """The team's only if there is no case yet, whoever's the folder is."""
        tag = self._case_tag(look.path) if look.scope == TEAM else None
        if tag is None:
            return look.scope
        query = select(cases.c.id).where(cases.c.tag == tag, alive(cases.c.id))
        return connection.scalar(query) or TEAM

    def _case_tag(self, path: str) -> str | None:
        ref = case_folder(PurePath(path).parts[:-1])
        return None if ref is None else case_tag(self._keys, ref)

    def _values(
        self, connection: Connection, look: Look, sighting_id: str, version: int
    ) -> dict[str, Any]:
        payload = _Details(look.path, look.sentence, look.signature).encoded()
        values = {
            "id": sighting_id,
            "tag": self._tag(look.path),
            "practitioner_id": look.practitioner_id,
            "state": look.state,
            "reason": look.reason,
            "size": look.size,
            "seen_at": now_ms(),
            "recording_id": look.recording_id,
            "scope": self._scope(connection, look),
            "version": version,
        }
        return self._identities.sealed(connection, sightings, values, payload)

    def _details(
        self, connection: Connection, row: Any, known: Mapping[str, CaseKeys] | None = None
    ) -> _Details:
        payload = self._identities.opened(connection, sightings, row, known=known or {})
        return _Details.of(payload, row.id)

    def whole(self, connection: Connection, rows: Iterable[Row[Any]]) -> list[Sighting]:
        """Rows, opened; one that does not open as it was written hides no other."""
        found = list(rows)
        known = self._identities.many(connection, {row.scope for row in found})
        return self._whole(found, partial(self._sighting, connection, known))

    def _sighting(
        self, connection: Connection, known: Mapping[str, CaseKeys], row: Any
    ) -> Sighting:
        details = self._details(connection, row, known)
        return Sighting(
            row.id,
            row.state,
            row.reason,
            details.path,
            details.sentence,
            row.size,
            row.seen_at,
            row.practitioner_id,
            row.recording_id,
            None if row.scope == TEAM else row.scope,
        )

    def _tag(self, path: str) -> str:
        return self._keys.tag("path", path.encode("utf-8", "surrogateescape"))


def _source_removed(connection: Connection, tag: str) -> None:
    mine = sightings.c.tag == tag
    for state, values in (
        (SEALED, {"state": REMOVED, "reason": None}),
        (DUPLICATE, {"reason": SOURCE_REMOVED}),
    ):
        connection.execute(update(sightings).where(mine, sightings.c.state == state).values(values))
