"""Whether somebody agreed to being recorded: who, how and when, and whether they took it back.

A recording of a young person is not worked on before its agreement stands here. When it is
withdrawn the recording is set aside at once; what was made from it is people's to decide on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, exists, insert, select

from store.audit import Audit
from store.captures import Captures
from store.errors import ConflictError
from store.identities import Identities
from store.keys import CaseKeys
from store.payloads import decode
from store.people import YOUNG_PERSON, new_id
from store.records import (
    AGREEMENT_NEEDED,
    ALIVE,
    CHAPTER,
    CLEAR,
    DRAFTED,
    ERASED,
    PROBED,
    QUARANTINED,
    WITHDRAWN,
    Recording,
    Recordings,
    recording_of,
)
from store.session import Database, now_ms
from store.tables import agreements, people, recordings

_NONE: Mapping[str, CaseKeys] = MappingProxyType({})

GIVEN, TAKEN_BACK = "given", "withdrawn"
SEEN = "seen"  # by the staff: that a young person took it back themselves


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of an agreement."""

    who: str  # agreed, or took it back
    how: str
    when: str  # as it was written down: a day, perhaps a time


@dataclass(frozen=True, slots=True)
class Agreement:
    """One entry; the newest of a recording counts."""

    kind: str  # GIVEN, TAKEN_BACK or SEEN
    actor_id: str  # who wrote it down
    at: int  # ms since 1970, UTC: when they did
    said: Said


class Agreements:
    """Gives, takes back and lists."""

    def __init__(
        self,
        database: Database,
        identities: Identities,
        audit: Audit,
        recordings: Recordings,
        captures: Captures,
    ) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit
        self._recordings = recordings
        self._captures = captures

    def ask(self, recording: Recording, actor: str) -> None:
        """Hold the work on a recording until it is agreed to; ConflictError once it is drafted."""
        if recording.state in (AGREEMENT_NEEDED, QUARANTINED, DRAFTED, CHAPTER, ERASED):
            raise ConflictError(f"recording {recording.id} is not being worked on")
        with self._database.write() as connection:
            self._recordings.advance(connection, recording, AGREEMENT_NEEDED, actor)

    def give(self, recording: Recording, said: Said, actor: str) -> None:
        """Write an agreement down and let the work go on; ConflictError if none is wanted."""
        withdrawn = recording.reason == WITHDRAWN
        if recording.state != AGREEMENT_NEEDED and not withdrawn:
            raise ConflictError(f"recording {recording.id} waits for no agreement")
        with self._database.write() as connection:
            self._enter(connection, recording, GIVEN, said, actor)
            # A withdrawn one starts again from what is sealed, and finds its agreement here.
            state = self._recordings.beginning(connection, recording) if withdrawn else PROBED
            self._recordings.advance(connection, recording, state, actor)
            for chapter in self._chapters(connection, recording):
                if chapter.reason == WITHDRAWN:
                    self._recordings.advance(connection, chapter, CHAPTER, actor)

    def given_before(
        self, connection: Connection, recording_id: str, said: Said, actor: str
    ) -> None:
        """Whoever is in a recording agreed before it was made; in the transaction that enters it.

        One whose bytes were here already, and that waits for this, goes on. What was taken back
        since stays so.
        """
        mine = (agreements.c.recording_id == recording_id) & (agreements.c.kind != SEEN)
        newest = select(agreements.c.kind).where(mine).order_by(agreements.c.created_at.desc())
        if connection.scalar(newest.limit(1)) == TAKEN_BACK:
            return
        row = connection.execute(select(*CLEAR).where(recordings.c.id == recording_id)).one()
        recording = recording_of(row)
        self._enter(connection, recording, GIVEN, said, actor)
        if recording.state == AGREEMENT_NEEDED:
            self._recordings.advance(connection, recording, PROBED, actor)

    def take_back(self, recording: Recording, said: Said, actor: str) -> None:
        """Write a withdrawal down and set the recording aside; ConflictError if it is already."""
        if recording.reason == WITHDRAWN or recording.state == ERASED:
            raise ConflictError(f"recording {recording.id} was withdrawn already")
        with self._database.write() as connection:
            self._enter(connection, recording, TAKEN_BACK, said, actor)
            for each in (recording, *self._chapters(connection, recording)):
                self._recordings.set_aside(connection, each, WITHDRAWN, actor)
            # A file that did not decode is no part of the film any more, but may still be heard.
            for part in self._captures.apart_from(connection, recording):
                if part.recording.state == QUARANTINED and part.recording.reason != WITHDRAWN:
                    self._recordings.set_aside(connection, part.recording, WITHDRAWN, actor)

    def see(self, recording: Recording, said: Said, actor: str) -> None:
        """Somebody knows that it was taken back; ConflictError if that was not, or is known."""
        with self._database.write() as connection:
            query = select(agreements.c.id).where(agreements.c.recording_id == recording.id)
            if connection.scalar(query.where(_unseen()).limit(1)) is None:
                raise ConflictError(f"nobody has to be told of recording {recording.id}")
            self._enter(connection, recording, SEEN, said, actor)

    def pass_on(self, connection: Connection, recording: Recording, to: Recording) -> None:
        """What was said of a film holds for the file that does its work from now on."""
        query = select(agreements).where(agreements.c.recording_id == recording.id)
        for row in connection.execute(query.order_by(agreements.c.created_at)).all():
            payload = self._identities.opened(connection, agreements, row)
            new = {"id": new_id(), "recording_id": to.id, "version": 1}
            values = {**row._mapping, **new}  # noqa: SLF001 - SQLAlchemy's public way to columns by name
            sealed = self._identities.sealed(connection, agreements, values, payload)
            connection.execute(insert(agreements).values(**sealed))

    def of(self, recording_id: str) -> list[Agreement]:
        """All entries of a recording, oldest first."""
        query = select(agreements).where(agreements.c.recording_id == recording_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(agreements.c.created_at)).all()
            return [self._agreement(connection, row) for row in rows]

    def of_case(self, case_id: str) -> list[tuple[Recording, list[Agreement]]]:
        """The recordings of a case that have entries, newest first, each with them, oldest first.

        An entry that does not open as it was written is told of, and left out.
        """
        noted = recordings.c.id.in_(select(agreements.c.recording_id))
        query = select(*CLEAR).where(recordings.c.case_id == case_id, noted, ALIVE)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(recordings.c.recorded_at.desc())).all()
            found = [recording_of(row) for row in rows]
            of = agreements.c.recording_id.in_([each.id for each in found])
            entries = self._entries(connection, of)
        return [(each, [e for of, e in entries if of == each.id]) for each in found]

    def unseen(self) -> list[tuple[Recording, Agreement]]:
        """What young people took back themselves, and nobody of the staff has seen, oldest first."""
        with self._database.read() as connection:
            entries = self._entries(connection, _unseen())
            query = select(*CLEAR).where(recordings.c.id.in_({of for of, _ in entries}), ALIVE)
            found = {row.id: recording_of(row) for row in connection.execute(query)}
        newest = dict(entries)
        return [(found[of], entry) for of, entry in newest.items() if of in found]

    def stands(self, recording_id: str) -> bool:
        """Whether the newest entry is an agreement."""
        # All are opened: an entry's time and kind stand in clear, and are bound to what it seals.
        return [each.kind for each in self.of(recording_id)][-1:] == [GIVEN]

    def _chapters(self, connection: Connection, recording: Recording) -> list[Recording]:
        """What an agreement to a film holds for beside its first file."""
        return [
            part.recording for part in self._captures.parts_within(connection, recording.id)[1:]
        ]

    def _enter(
        self, connection: Connection, recording: Recording, kind: str, said: Said, actor: str
    ) -> None:
        self._put(connection, (recording.id, recording.scope), kind, said, actor)

    def _put(
        self, connection: Connection, of: tuple[str, str], kind: str, said: Said, actor: str
    ) -> None:
        recording_id, scope = of
        values = {
            "id": new_id(),
            "recording_id": recording_id,
            "kind": kind,
            "actor_id": actor,
            "created_at": now_ms(),
            "scope": scope,
            "version": 1,
        }
        payload = msgspec.json.encode(said)
        sealed = self._identities.sealed(connection, agreements, values, payload)
        connection.execute(insert(agreements).values(**sealed))
        self._audit.append(connection, actor, f"agreement {kind}", recording_id)

    def _entries(
        self, connection: Connection, which: ColumnElement[bool]
    ) -> Sequence[tuple[str, Agreement]]:
        """Entries with the ids of their recordings, oldest first, opened together."""
        query = select(agreements).where(which).order_by(agreements.c.created_at)
        rows = connection.execute(query).all()
        known = self._identities.many(connection, {row.scope for row in rows})

        def opened(row: Any) -> tuple[str, Agreement]:
            return row.recording_id, self._agreement(connection, row, known)

        return self._database.alarm.whole(rows, opened)

    def _agreement(
        self, connection: Connection, row: Any, known: Mapping[str, CaseKeys] = _NONE
    ) -> Agreement:
        payload = self._identities.opened(connection, agreements, row, known=known)
        said = decode(payload, Said, row.id)
        return Agreement(row.kind, row.actor_id, row.created_at, said)


def _unseen() -> ColumnElement[bool]:
    """Entries by which a young person took back what is shut since, unseen by the staff."""
    later = agreements.alias()
    seen = exists().where(
        later.c.recording_id == agreements.c.recording_id,
        later.c.kind == SEEN,
        later.c.created_at >= agreements.c.created_at,
    )
    # Looked for first: few recordings of all that were agreed to are shut.
    shut = select(recordings.c.id).where(
        recordings.c.state == QUARANTINED, recordings.c.reason == WITHDRAWN
    )
    young = select(people.c.id).where(people.c.role == YOUNG_PERSON)
    return and_(
        agreements.c.recording_id.in_(shut),
        agreements.c.kind == TAKEN_BACK,
        agreements.c.actor_id.in_(young),
        ~seen,
    )
