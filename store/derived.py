"""What is made from a recording to be looked at: copies of a picture, frames and a version of a film.

It is sealed as originals are and can always be made again. A second queue says what is due, beside
the one that leads to a note: a recording on which the first has nothing more to do, and which has
no row in `makings` or one that waits. So nothing here holds up a note, or harms a recording.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from store import age, sealing
from store.audit import SYSTEM, Audit
from store.errors import ConflictError, NotFoundError
from store.identities import Identities
from store.original import CopyDetails, Original, Pinned, details_of, opening
from store.people import new_id
from store.records import (
    ALIVE,
    CHAPTER,
    CLEAR,
    DRAFTED,
    LONGEST_WAIT_MS,
    QUARANTINED,
    Recording,
    recording_of,
)
from store.sealing import Sealed
from store.session import Database, now_ms
from store.strays import leave
from store.tables import captures, derived, makings, recordings
from store.vault import Vault

COPY, THUMBNAIL, STRAIGHTENED = "copy", "thumbnail", "straightened"  # of a picture
POSTER, PROXY = "poster", "proxy"  # of a film
INDEX = "index"  # of its proxy: what a browser finds its middle by
PEAKS = "peaks"  # of sound, a film's too
WAITING, MADE, FAILED = "waiting", "made", "failed"


@dataclass(frozen=True, slots=True)
class New:
    """Something just made and sealed, and what its row is to say of it."""

    kind: str
    number: int  # of its kind, from 1
    sealed: Sealed
    details: CopyDetails


@dataclass(frozen=True, slots=True)
class Derived:
    """Something that was made."""

    id: str
    recording_id: str
    kind: str
    number: int
    size: int  # bytes
    details: CopyDetails


@dataclass(frozen=True, slots=True)
class Making:
    """What came of making it."""

    state: str
    reason: str | None
    attempts: int


class Makings:
    """Says what is due, keeps what was made, opens it."""

    def __init__(
        self,
        database: Database,
        identities: Identities,
        audit: Audit,
        vault: Vault,
    ) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit
        self._vault = vault

    def due(self, kinds: Collection[str], set_aside: Collection[str] = ()) -> list[Recording]:
        """Recordings of `kinds` to make something from now, the oldest first.

        Drafted ones, and those set aside for a reason in `set_aside`, which harms no looking at.
        """
        query = (
            select(*CLEAR)
            .outerjoin(makings, makings.c.recording_id == recordings.c.id)
            .where(recordings.c.kind.in_(kinds), _ready(set_aside), _come(), ALIVE)
            .order_by(recordings.c.received_at)
        )
        with self._database.read() as connection:
            return [recording_of(row) for row in connection.execute(query)]

    def keep(self, recording: Recording, made: Sequence[New]) -> None:
        """Store all that was made from a recording, once.

        ConflictError if it was made already or the recording is no longer as it was read: then
        what was sealed is for the caller to discard.
        """
        with self._database.write() as connection:
            if self._state(connection, recording) in (MADE, FAILED):
                raise ConflictError(f"recording {recording.id} was seen to already")
            for each in made:
                connection.execute(insert(derived).values(**self._row(connection, recording, each)))
            self._enter(connection, recording.id, state=MADE)
            self._audit.append(connection, SYSTEM, "copies made", recording.id)

    def reader(self, recording: Recording, sealed: Sealed) -> age.Reader:
        """Random access to what was just sealed for a recording and no row names yet."""
        with self._database.read() as connection:
            identity = self._identities.keys(connection, recording.scope).identity
        file_key = age.open_key(sealed.header, [identity])
        return sealing.reader(self._vault, sealed.blob, file_key, sealed.payload_size)

    def discard(self, blobs: Iterable[Sealed]) -> None:
        """Drop what `keep` did not take."""
        for each in blobs:
            with self._database.read() as connection:
                used = select(derived.c.id).where(derived.c.blob == each.blob)
                if connection.scalar(used) is not None:
                    continue
            self._vault.delete(each.blob)

    def postpone(self, recording: Recording, reason: str, next_try_at: int) -> None:
        """Count a failed attempt and say when to try again (ms); ConflictError as `keep`."""
        with self._database.write() as connection:
            if self._state(connection, recording) in (MADE, FAILED):
                raise ConflictError(f"recording {recording.id} was seen to already")
            self._enter(connection, recording.id, reason=reason, next_try_at=next_try_at)

    def give_up(self, recording: Recording, reason: str) -> None:
        """Nothing can be made from it: the recording stays as it is. ConflictError as `keep`."""
        with self._database.write() as connection:
            if self._state(connection, recording) in (MADE, FAILED):
                raise ConflictError(f"recording {recording.id} was seen to already")
            self._enter(connection, recording.id, state=FAILED, reason=reason)
            self._audit.append(connection, SYSTEM, "copies not made", recording.id)

    def again(self, recording_id: str, actor: str) -> None:
        """Drop what there is and make it due again; NotFoundError if there is no such recording."""
        with self._database.write() as connection:
            alive = select(recordings.c.id).where(recordings.c.id == recording_id, ALIVE)
            if connection.scalar(alive) is None:
                raise NotFoundError(f"there is no recording {recording_id}")
            mine = derived.c.recording_id == recording_id
            leave(connection, connection.scalars(select(derived.c.blob).where(mine)).all())
            connection.execute(delete(derived).where(mine))
            connection.execute(delete(makings).where(makings.c.recording_id == recording_id))
            self._audit.append(connection, actor, "copies to be made again", recording_id)

    def standing(self, recording_id: str) -> Making | None:
        """What came of it so far; None while it was not tried."""
        query = select(makings).where(makings.c.recording_id == recording_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Making(row.state, row.reason, row.attempts)

    def of(self, recording_id: str) -> list[Derived]:
        """What there is, by kind and number; TamperedError if a row is not as it was sealed."""
        query = select(derived).where(derived.c.recording_id == recording_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(derived.c.kind, derived.c.number)).all()
            return [self._derived(connection, row) for row in rows]

    def any(self, recording_id: str) -> bool:
        """Whether there is anything; no row is opened."""
        query = select(derived.c.id).where(derived.c.recording_id == recording_id).limit(1)
        with self._database.read() as connection:
            return connection.scalar(query) is not None

    def small(self, recording_ids: Collection[str]) -> dict[str, str]:
        """Of which of these there is something small to look at, and its kind; no row is opened."""
        mine = derived.c.recording_id.in_(recording_ids)
        first = derived.c.kind.in_((THUMBNAIL, POSTER)) & (derived.c.number == 1)
        query = select(derived.c.recording_id, derived.c.kind).where(mine, first)
        with self._database.read() as connection:
            return {row.recording_id: row.kind for row in connection.execute(query)}

    def open(self, recording_id: str, kind: str, number: int = 1) -> tuple[Derived, Original]:
        """Random access to something made; NotFoundError if it is not there, TamperedError."""
        mine = (derived.c.recording_id == recording_id) & (derived.c.kind == kind)
        with opening(self._database.alarm, recording_id):
            with self._database.read() as connection:
                query = select(derived).where(mine, derived.c.number == number)
                row = connection.execute(query).one_or_none()
                if row is None:
                    raise NotFoundError(f"recording {recording_id} has no {kind} {number}")
                found = self._derived(connection, row)
                pinned = Pinned.of(connection, self._identities, derived, row)
            return found, Original(pinned.open(self._vault), self._database.alarm, recording_id)

    def _state(self, connection: Connection, recording: Recording) -> str | None:
        """How its making stands; ConflictError if the recording has moved on, or to another case."""
        query = select(recordings).where(recordings.c.id == recording.id, ALIVE).with_for_update()
        row = connection.execute(query).one_or_none()
        as_read = (recording.scope, recording.state, recording.reason)
        if row is None or (row.scope, row.state, row.reason) != as_read:
            raise ConflictError(f"recording {recording.id} has moved on already")
        mine = makings.c.recording_id == recording.id
        found: str | None = connection.scalar(select(makings.c.state).where(mine))
        return found

    def _enter(
        self,
        connection: Connection,
        recording_id: str,
        *,
        state: str = WAITING,
        reason: str | None = None,
        next_try_at: int = 0,
    ) -> None:
        values = {"state": state, "reason": reason, "next_try_at": next_try_at}
        changed = connection.execute(
            update(makings)
            .where(makings.c.recording_id == recording_id)
            .values(attempts=makings.c.attempts + 1, **values)
        )
        if not changed.rowcount:
            connection.execute(
                insert(makings).values(recording_id=recording_id, attempts=1, **values)
            )

    def _row(self, connection: Connection, recording: Recording, new: New) -> dict[str, Any]:
        values = {
            "id": new_id(),
            "recording_id": recording.id,
            "kind": new.kind,
            "number": new.number,
            "size": new.sealed.size,
            "header": new.sealed.header,
            "blob": new.sealed.blob,
            "created_at": now_ms(),
            "scope": recording.scope,
            "version": 1,
        }
        payload = msgspec.json.encode(new.details)
        return self._identities.sealed(connection, derived, values, payload)

    def _derived(self, connection: Connection, row: Any) -> Derived:
        details = details_of(connection, self._identities, derived, row)
        if not isinstance(details, CopyDetails):  # as the table says
            raise TypeError(type(details).__name__)
        return Derived(row.id, row.recording_id, row.kind, row.number, row.size, details)


def _ready(set_aside: Collection[str]) -> Any:
    """The first queue has nothing more to do on it, and nobody took their agreement back."""
    aside = (recordings.c.state == QUARANTINED) & recordings.c.reason.in_(set_aside)
    whole = recordings.alias()
    drafted = whole.c.state == DRAFTED
    parts = select(captures.c.recording_id).join(whole, whole.c.id == captures.c.part_of)
    part = (recordings.c.state == CHAPTER) & recordings.c.id.in_(parts.where(drafted))
    return (recordings.c.state == DRAFTED) | aside | part


def _come() -> Any:
    """Nothing came of it yet, and its next try has come."""
    now, next_try = now_ms(), makings.c.next_try_at
    # So far ahead it was put by a clock that was wrong.
    come = (next_try <= now) | (next_try > now + LONGEST_WAIT_MS)
    return makings.c.recording_id.is_(None) | ((makings.c.state == WAITING) & come)
