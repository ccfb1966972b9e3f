"""How recordings were captured: by whose word when, and which are chapters of one film.

A film that its camera cut into files stays as many recordings, each sealed by itself. The first
does the work of all; the others are its parts, in the order and with the times that stand here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, exists, insert, select, update

from store.audit import Audit
from store.errors import ConflictError, TamperedError
from store.identities import Identities
from store.payloads import decode
from store.records import ALIVE, CLEAR, ERASED, GATHERING, Recording, recording_of
from store.session import Database, now_ms
from store.tables import audit, captures, recordings

WIPED = "wiped where it was made"
"""The action of the log: its maker removed it from the camera's card or the phone."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file of a film that a camera cut into several."""

    film: str  # what the names of its files share
    number: int  # from 1, as the camera counts
    camera: str  # the same for all chapters; empty when the file does not say
    began: int | None  # ms, as the camera's own clock had it, right or wrong
    start_ms: int = 0  # in the film's sound, once that was heard


@dataclass(frozen=True, slots=True)
class Capture:
    """What a recording's capture seals."""

    origin: str  # who says when it was made
    chapter: Chapter | None = None
    late_for: str | None = None  # the recording that goes on without this chapter, which came late
    hurried: bool = False  # somebody said not to wait for more of its film


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a film."""

    recording: Recording
    part_of: str | None  # None: the first, or alone
    capture: Capture


class Captures:
    """Keeps, joins and lists."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit

    def keep(self, connection: Connection, recording: Recording, capture: Capture) -> None:
        """Remember how a recording was captured; what was joined to it, or it to, stays so."""
        row = _row(connection, recording.id)
        if row is None:
            values = {
                "recording_id": recording.id,
                "part_of": None,
                "created_at": now_ms(),
                "scope": recording.scope,
                "version": 1,
            }
            payload = msgspec.json.encode(capture)
            sealed = self._identities.sealed(connection, captures, values, payload)
            connection.execute(insert(captures).values(**sealed))
            return
        self._change(connection, row, capture, row.part_of)

    def join(self, connection: Connection, part: Part, to: str | None) -> None:
        """Make a recording a part of `to`; of none, and with another capture, all the same."""
        row = _row(connection, part.recording.id)
        self._change(connection, row, part.capture, to)

    def start(self, connection: Connection, part: Part, start_ms: int) -> None:
        """Remember where in the film's sound a chapter begins."""
        if part.capture.chapter is not None:
            moved = replace(part.capture.chapter, start_ms=start_ms)
            changed = replace(part, capture=replace(part.capture, chapter=moved))
            self.join(connection, changed, part.part_of)

    def hurry(self, recording: Recording, actor: str) -> None:
        """Have a film go on with the files that are there; ConflictError if it does not wait."""
        mine = (recordings.c.id == recording.id) & (recordings.c.state == GATHERING)
        with self._database.write() as connection:
            row = _row(connection, recording.id)
            changed = connection.execute(update(recordings).where(mine).values(next_try_at=0))
            if row is None or changed.rowcount != 1:
                raise ConflictError(f"recording {recording.id} waits for no chapter")
            capture = replace(self._opened(connection, row), hurried=True)
            self._change(connection, row, capture, row.part_of)
            self._audit.append(connection, actor, "film hurried", recording.id)

    def unwiped(self, person_id: str, since: int) -> list[Recording]:
        """What somebody made and was taken in since (ms), and they have not said to have wiped; oldest first."""
        said = exists().where(audit.c.object == recordings.c.id, audit.c.action == WIPED)
        mine = (recordings.c.practitioner_id == person_id) & (recordings.c.received_at >= since)
        query = select(*CLEAR).where(mine, ALIVE, ~said).order_by(recordings.c.received_at)
        with self._database.read() as connection:
            return [recording_of(row) for row in connection.execute(query)]

    def wipe(self, recording_ids: Sequence[str], person_id: str) -> None:
        """Somebody says that these no longer lie where they were made: it stands in the log."""
        with self._database.write() as connection:
            for each in recording_ids:
                self._audit.append(connection, person_id, WIPED, each)

    def came_late(self, recording: Recording) -> list[Recording]:
        """Chapters of a film that are recordings of their own: they came late, or did not decode."""
        with self._database.read() as connection:
            return [part.recording for part in self.apart_from(connection, recording)]

    def apart_from(self, connection: Connection, recording: Recording) -> list[Part]:
        """As `came_late`, within the caller's transaction."""
        near = self.near(connection, recording)
        return [part for part in near if part.capture.late_for == recording.id]

    def of(self, recording_id: str) -> Capture | None:
        """How a recording was captured; None until it was looked at."""
        with self._database.read() as connection:
            row = _row(connection, recording_id)
            return None if row is None else self._opened(connection, row)

    def whole(self, recording_id: str) -> str:
        """The recording that this one is a part of, or its own id."""
        with self._database.read() as connection:
            row = _row(connection, recording_id)
            if row is None:
                return recording_id
            self._opened(connection, row)  # that it belongs there is bound to what it seals
            return row.part_of or recording_id

    def film(self, recording_id: str) -> list[Part]:
        """A recording and its later parts, in order; empty until it was looked at."""
        with self._database.read() as connection:
            return self._film(connection, recording_id)

    def later(self) -> frozenset[str]:
        """The ids of all that are parts of another recording."""
        query = select(captures.c.recording_id).where(captures.c.part_of.is_not(None))
        with self._database.read() as connection:
            return frozenset(connection.scalars(query))

    def as_whole(self, recording: Recording) -> Recording:
        """The recording with the length of all its parts; None where one does not say."""
        try:
            lengths = [part.recording.length_ms for part in self.parts(recording.id)]
        except TamperedError:  # told of already; whoever works on it is stopped by it
            return recording
        if not lengths:
            return recording
        known = [length for length in lengths if length is not None]
        whole = sum(known) if len(known) == len(lengths) else None
        return replace(recording, length_ms=whole)

    def parts(self, recording_id: str) -> list[Part]:
        """As `film`, but empty for what came in one file, as most does."""
        with self._database.read() as connection:
            return self.parts_within(connection, recording_id)

    def parts_within(self, connection: Connection, recording_id: str) -> list[Part]:
        """As `parts`, within the caller's transaction."""
        film = self._film(connection, recording_id)
        return film if len(film) > 1 else []

    def _film(self, connection: Connection, recording_id: str) -> list[Part]:
        mine = captures.c.recording_id == recording_id
        rows = _rows(connection, mine | (captures.c.part_of == recording_id))
        found = [self._part(connection, row) for row in rows]
        return sorted(found, key=_number)

    def near(self, connection: Connection, recording: Recording) -> list[Part]:
        """Every chapter of any film by the same maker, of the same case, `recording` included.

        One that does not open as it was written hides no other.
        """
        same = (recordings.c.scope == recording.scope) & (
            recordings.c.practitioner_id == recording.practitioner_id
        )
        rows = _rows(connection, same & (recordings.c.kind == "video"))
        found = self._database.alarm.whole(rows, partial(self._part, connection))
        return [part for part in found if part.capture.chapter is not None]

    def unexamined(self, connection: Connection, recording: Recording, state: str) -> Sequence[str]:
        """Ids of recordings in `state` by the same maker, of the same case, not looked at yet."""
        query = select(recordings.c.id).where(
            recordings.c.scope == recording.scope,
            recordings.c.practitioner_id == recording.practitioner_id,
            recordings.c.state == state,
            recordings.c.id != recording.id,
        )
        return list(connection.scalars(query))

    def in_note(self, connection: Connection, recording_id: str, note_id: str) -> None:
        """A recording's note is its chapters' as well."""
        chapters = select(captures.c.recording_id).where(captures.c.part_of == recording_id)
        connection.execute(
            update(recordings).where(recordings.c.id.in_(chapters)).values(note_id=note_id)
        )

    def _part(self, connection: Connection, row: Any) -> Part:
        """The part that a row of `recordings` is."""
        own = _row(connection, row.id)
        return Part(recording_of(row), own.part_of, self._opened(connection, own))

    def _opened(self, connection: Connection, row: Any) -> Capture:
        payload = self._identities.opened(connection, captures, row)
        return decode(payload, Capture, row.recording_id)

    def _change(self, connection: Connection, row: Any, capture: Capture, to: str | None) -> None:
        before = self._opened(connection, row)
        if (before, row.part_of) == (capture, to):
            return
        payload = msgspec.json.encode(capture)
        self._identities.anew(connection, captures, row, {"part_of": to}, payload)


def _row(connection: Connection, recording_id: str) -> Any:
    query = select(captures).where(captures.c.recording_id == recording_id)
    return connection.execute(query).one_or_none()


def _rows(connection: Connection, condition: Any) -> Sequence[Any]:
    """Rows of recordings that were looked at, by them and their captures."""
    joined = recordings.join(captures, captures.c.recording_id == recordings.c.id)
    query = select(recordings).select_from(joined).where(condition, recordings.c.state != ERASED)
    return connection.execute(query).all()


def _number(part: Part) -> tuple[bool, int]:
    chapter = part.capture.chapter
    return part.part_of is not None, 0 if chapter is None else chapter.number
