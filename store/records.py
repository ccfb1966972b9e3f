"""Recordings: sealed on arrival, moved on by state, opened by range.

A recording's row says what is due for it. Every move is a compare-and-set on the state, so a stage
that runs twice takes effect once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from store import age, sealing
from store.audit import SYSTEM, Audit
from store.errors import (
    ConflictError,
    ErasedError,
    NotFoundError,
    SoundErasedError,
    TamperedError,
)
from store.identities import Identities
from store.keys import KeyRing
from store.original import Original, Pinned, RecordingDetails, mend, opening, require_bytes
from store.payloads import decode
from store.people import new_id
from store.sealing import Sealed
from store.session import Database, now_ms
from store.tables import alive, arrivals, recordings, transcripts
from store.vault import Vault

RECEIVED, PROBED, TRANSCRIBED, DRAFTED = "received", "probed", "transcribed", "drafted"
AGREEMENT_NEEDED = "agreement_needed"
GATHERING = "gathering"  # one chapter of a film: the others may still come
CHAPTER = "chapter"  # worked on as part of the recording that it goes on from
QUARANTINED = "quarantined"
LONGEST_WAIT_MS = 60 * 60_000
"""No recording is put off for longer than this."""
WITHDRAWN = "AgreementWithdrawn"  # the reason of a quarantine that only an agreement ends
ERASED = "erased"

# Nobody can work on what was erased, or look at it, however its row came to be there.
ALIVE = (recordings.c.state != ERASED) & alive(recordings.c.scope)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What intake knows of a file when it registers it."""

    scope: str
    case_id: str | None
    practitioner_id: str
    media_type: str
    kind: str  # audio, video or picture
    name: str
    recorded_at: int  # ms
    recorded_from: str
    note_kind: str | None = None
    note_id: str | None = None  # what it is put beside at once: nothing more is made of it
    onto: str = ""  # the note that what is said in it is to go into
    said_by: str = ""  # the young person who says it beside a note


@dataclass(frozen=True, slots=True)
class Recording:
    """One media item."""

    id: str
    scope: str
    case_id: str | None
    practitioner_id: str
    media_type: str
    kind: str
    state: str
    reason: str | None
    size: int  # bytes of the original
    note_id: str | None
    note_kind: str | None
    recorded_at: int
    received_at: int
    length_ms: int | None  # of sound; None while not known, or when the file does not say
    attempts: int
    gone_at: int | None = None  # ms: when its bytes went by a rule; what was heard stays
    gone_by: str | None = None  # that rule

    @property
    def is_there(self) -> bool:
        """Whether it may be heard or looked at: not erased, nor taken back by who is in it."""
        return self.state != ERASED and self.reason != WITHDRAWN and self.gone_at is None


CLEAR = tuple(recordings.c[each.name] for each in fields(Recording))


class Recordings:
    """Seals, registers, moves on and opens."""

    def __init__(
        self,
        database: Database,
        identities: Identities,
        keys: KeyRing,
        audit: Audit,
        vault: Vault,
    ) -> None:
        self._database = database
        self._identities = identities
        self._keys = keys
        self._audit = audit
        self._vault = vault

    # --- arriving ---

    def seal(self, scope: str, plaintext: Iterable[bytes]) -> Sealed:
        """Seal a stream to `scope`'s recipient, verified; see `sealing.seal`."""
        with self._database.read() as connection:
            recipient = self._identities.recipient(connection, scope)
        return sealing.seal(self._vault, recipient, plaintext)

    def discard(self, sealed: Sealed) -> None:
        """Drop a blob, unless a recording or an arrival refers to it after all."""
        with self._database.read() as connection:
            for table in (recordings, arrivals):
                used = select(table.c.id).where(table.c.blob == sealed.blob)
                if connection.scalar(used) is not None:
                    return
            self._vault.delete(sealed.blob)

    def register(self, sealed: Sealed, arrival: Arrival) -> tuple[Recording, bool]:
        """The row for `sealed`, and whether it is new.

        The same bytes in the same scope are one recording: see `doubled` for the second blob.
        """
        with self._database.write() as connection:
            recording_id, new = self.enter(connection, sealed, arrival)
        if not new:
            self.doubled(recording_id, sealed)
        return self.get(recording_id), new

    def doubled(self, recording_id: str, sealed: Sealed) -> None:
        """The bytes of a recording came again: they are not needed, unless what is there is damaged.

        Then they are put in its place. TamperedError, and nothing goes, if its row is not its own.
        """
        if self._is_whole(recording_id):
            self.discard(sealed)
            return
        with self._database.write() as connection:
            mend(connection, self._identities, self._row(connection, recording_id), sealed)
            self._audit.append(connection, SYSTEM, "recording mended", recording_id)

    def enter(self, connection: Connection, sealed: Sealed, arrival: Arrival) -> tuple[str, bool]:
        """As `register`, inside a transaction: a second blob is for the caller to give to `doubled`."""
        tag = self._keys.tag("content", sealed.sha256)
        same = (recordings.c.scope == arrival.scope) & (recordings.c.tag == tag)
        columns = select(recordings.c.id, recordings.c.note_id)
        known = connection.execute(columns.where(same)).one_or_none()
        if known is not None and arrival.note_id in (None, known.note_id):
            self._audit.append(connection, SYSTEM, "recording received again", known.id)
            return known.id, False
        recording_id = self._insert(connection, sealed, arrival, tag if known is None else "")
        self._audit.append(connection, SYSTEM, "recording received", recording_id)
        return recording_id, True

    # --- moving on ---

    def due(self, states: Iterable[str]) -> list[Recording]:
        """Recordings waiting in one of `states` whose next try has come, oldest first."""
        now, next_try = now_ms(), recordings.c.next_try_at
        # So far ahead it was put by a clock that was wrong.
        come = (next_try <= now) | (next_try > now + LONGEST_WAIT_MS)
        query = (
            select(*CLEAR)
            .where(recordings.c.state.in_(list(states)), come, ALIVE)
            .order_by(recordings.c.received_at)
        )
        with self._database.read() as connection:
            return [recording_of(row) for row in connection.execute(query)]

    def advance(
        self,
        connection: Connection,
        recording: Recording,
        state: str,
        actor: str = SYSTEM,
        /,
        **values: object,
    ) -> None:
        """Move on from the state that `recording` was read in; ConflictError if it left it."""
        changed = connection.execute(
            update(recordings)
            .where(recordings.c.id == recording.id, recordings.c.state == recording.state, ALIVE)
            .values(state=state, attempts=0, next_try_at=0, reason=None, **values)
        )
        if changed.rowcount != 1:
            raise ConflictError(f"recording {recording.id} has moved on already")
        self._audit.append(connection, actor, f"recording {state}", recording.id)

    def quarantine(self, recording: Recording, reason: str, actor: str = SYSTEM) -> None:
        """Set aside, with a reason code, until a person says otherwise; the original stays."""
        with self._database.write() as connection:
            self.set_aside(connection, recording, reason, actor)

    def set_aside(
        self, connection: Connection, recording: Recording, reason: str, actor: str
    ) -> None:
        """As `quarantine`, within the caller's transaction."""
        self.advance(connection, recording, QUARANTINED, actor)
        connection.execute(
            update(recordings).where(recordings.c.id == recording.id).values(reason=reason)
        )

    def cancel(self, recording_id: str, actor: str) -> None:
        """Stop the work on a recording; ConflictError if none is due."""
        recording = self.get(recording_id)
        if recording.state in (QUARANTINED, DRAFTED, AGREEMENT_NEEDED, CHAPTER):
            raise ConflictError(f"recording {recording_id} is not being worked on")
        self.quarantine(recording, "Cancelled", actor)

    def retry(self, recording_id: str, actor: str) -> Recording:
        """Make due again what was set aside or waits for its next try; from what is stored.

        Raises ConflictError if there is nothing to try again.
        """
        recording = self.get(recording_id)
        settled = recording.state in (DRAFTED, AGREEMENT_NEEDED, CHAPTER)
        settled |= recording.gone_at is not None
        if settled or recording.reason == WITHDRAWN:
            raise ConflictError(f"recording {recording_id} has nothing to be tried again")
        with self._database.write() as connection:
            aside = recording.state == QUARANTINED
            state = self.beginning(connection, recording) if aside else recording.state
            self.advance(connection, recording, state, actor)
        return self.get(recording_id)

    def beginning(self, connection: Connection, recording: Recording) -> str:
        """The state to go on from, by what is stored of a recording."""
        if recording.note_id is not None:
            return DRAFTED
        heard = select(transcripts.c.recording_id).where(transcripts.c.recording_id == recording.id)
        return RECEIVED if connection.scalar(heard) is None else TRANSCRIBED

    def postpone(
        self, recording: Recording, reason: str, next_try_at: int, *, anew: bool = False
    ) -> None:
        """Count a failed attempt, `anew` as the first, and say when to try again (ms)."""
        count = 1 if anew else recordings.c.attempts + 1
        with self._database.write() as connection:
            connection.execute(
                update(recordings)
                .where(recordings.c.id == recording.id, recordings.c.state == recording.state)
                .values(attempts=count, next_try_at=next_try_at, reason=reason)
            )

    def put_off(self, recording: Recording, reason: str, until: int) -> None:
        """Say when to look again (ms) at what nothing is wrong with."""
        with self._database.write() as connection:
            connection.execute(
                update(recordings)
                .where(recordings.c.id == recording.id, recordings.c.state == recording.state)
                .values(next_try_at=until, reason=reason)
            )

    def keep_transcript(self, connection: Connection, recording: Recording, payload: bytes) -> None:
        """Store what was heard, once a recording."""
        values = {
            "recording_id": recording.id,
            "created_at": now_ms(),
            "scope": recording.scope,
            "version": 1,
        }
        sealed = self._identities.sealed(connection, transcripts, values, payload)
        connection.execute(insert(transcripts).values(**sealed))

    # --- reading ---

    def get(self, recording_id: str) -> Recording:
        """The recording; NotFoundError if there is none."""
        with self._database.read() as connection:
            row = self._row(connection, recording_id)
        return recording_of(row)

    def details(self, recording_id: str) -> RecordingDetails:
        """The sealed part of its row; ErasedError once it was erased."""
        with self._database.read() as connection:
            return self._details(connection, self._row(connection, recording_id))

    def voiced(self, states: Iterable[str]) -> set[str]:
        """The cases with a recording that is no picture in one of `states`."""
        query = select(recordings.c.case_id).distinct()
        query = query.where(
            recordings.c.state.in_(list(states)),
            recordings.c.kind != "picture",
            recordings.c.case_id.is_not(None),
        )
        with self._database.read() as connection:
            return {case_id for case_id in connection.scalars(query) if case_id is not None}

    def all(self, *states: str) -> list[Recording]:
        """Recordings that were not erased, in `states` (all when none is named), newest first."""
        query = select(*CLEAR).where(ALIVE).order_by(recordings.c.received_at.desc())
        if states:
            query = query.where(recordings.c.state.in_(states))
        with self._database.read() as connection:
            return [recording_of(row) for row in connection.execute(query)]

    def of_note(self, note_id: str) -> list[Recording]:
        """The recordings there are that a note was made from, in the order they were made."""
        query = select(*CLEAR).where(recordings.c.note_id == note_id, ALIVE)
        with self._database.read() as connection:
            found = [recording_of(row) for row in connection.execute(query)]
        return sorted(found, key=lambda recording: recording.recorded_at)

    def has_transcript(self, recording_id: str) -> bool:
        """Whether what was heard in it is stored."""
        query = select(transcripts.c.recording_id).where(transcripts.c.recording_id == recording_id)
        with self._database.read() as connection:
            return connection.scalar(query) is not None

    def transcript(self, recording_id: str) -> bytes | None:
        """What was heard, or None if it has not been transcribed."""
        query = select(transcripts).where(transcripts.c.recording_id == recording_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            return self._identities.opened(connection, transcripts, row)

    def open(self, recording_id: str) -> age.Reader:
        """Random access to the original; TamperedError if header or blob is not the pinned one."""
        with opening(self._database.alarm, recording_id):
            with self._database.read() as connection:
                row = self._row(connection, recording_id)
                if row.state == ERASED:
                    raise ErasedError(f"recording {row.id} was erased")
                require_bytes(row, self._details(connection, row))
                pinned = Pinned.of(connection, self._identities, recordings, row)
            return Original(pinned.open(self._vault), self._database.alarm, recording_id)

    def _is_whole(self, recording_id: str) -> bool:
        """Whether it is as it was taken in; what went by a rule is not to come back, and is so too."""
        try:
            for _ in self.open(recording_id):
                pass
        except SoundErasedError:
            return True
        except (TamperedError, NotFoundError):
            return False
        return True

    def _insert(self, connection: Connection, sealed: Sealed, arrival: Arrival, tag: str) -> str:
        recording_id = new_id()
        details = RecordingDetails.of(
            sealed, arrival.name, arrival.recorded_from, arrival.onto, arrival.said_by
        )
        values = {
            "id": recording_id,
            "case_id": arrival.case_id,
            "practitioner_id": arrival.practitioner_id,
            "media_type": arrival.media_type,
            "kind": arrival.kind,
            "state": RECEIVED if arrival.note_id is None else DRAFTED,
            "tag": tag or recording_id,  # of what is there twice, the second is not compared
            "size": sealed.size,
            "header": sealed.header,
            "blob": sealed.blob,
            "note_id": arrival.note_id,
            "note_kind": arrival.note_kind,
            "recorded_at": arrival.recorded_at,
            "received_at": now_ms(),
            "attempts": 0,
            "next_try_at": 0,
            "scope": arrival.scope,
            "version": 1,
        }
        payload = msgspec.json.encode(details)
        row = self._identities.sealed(connection, recordings, values, payload)
        connection.execute(insert(recordings).values(**row))
        return recording_id

    def _row(self, connection: Connection, recording_id: str) -> Any:
        query = select(recordings).where(recordings.c.id == recording_id)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no recording {recording_id}")
        return row

    def _details(self, connection: Connection, row: Any) -> RecordingDetails:
        if row.state == ERASED:
            raise ErasedError(f"recording {row.id} was erased")
        payload = self._identities.opened(connection, recordings, row)
        return decode(payload, RecordingDetails, row.id)


def recording_of(row: Any) -> Recording:
    """The recording of a row, or of its clear columns."""
    return Recording(*(getattr(row, each.name) for each in fields(Recording)))
