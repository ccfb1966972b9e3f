"""Notes: versions that are only ever added, decisions about them, replies beside them.

What a version says is bytes to this module. Which moves are legal is the reviewer's business; this
module makes each move atomic: it happens from exactly the version and state that was read, or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, exists, func, insert, select, update

from store.audit import SYSTEM, Audit
from store.errors import ConflictError, NotFoundError, TamperedError
from store.identities import Identities
from store.people import new_id
from store.sealed import Clear
from store.session import Database, now_ms
from store.tables import TEAM, alive, decisions, exports, note_versions, notes, passages, replies

APPENDED = "appended"
"""The kind of passage by which something was added to what had left."""

MERGED = "merged"
"""The state of a note whose words are in another one: kept as it was, in no list."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note's clear row."""

    id: str
    scope: str
    case_id: str | None
    practitioner_id: str
    kind: str
    state: str
    number: int  # the current version, from 1
    contact_at: int  # ms
    created_at: int
    since: int = 0  # ms: when it came to stand in its state


@dataclass(frozen=True, slots=True)
class Version:
    """What a note said at one point."""

    note_id: str
    number: int
    author_id: str | None  # None: the machine
    created_at: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision about a version, or a reply to it, with its words."""

    id: str
    note_id: str
    number: int
    kind: str
    actor_id: str
    created_at: int
    payload: bytes


class Notes:
    """Creates notes, adds versions, records decisions and replies."""

    def __init__(self, database: Database, identities_: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities_
        self._audit = audit

    # --- writing ---

    def create(self, connection: Connection, note: Note, payload: bytes, author: str | None) -> str:
        """Store `note` (id and number are given here) with its first version; its id."""
        note_id, now = new_id(), now_ms()
        connection.execute(
            insert(notes).values(
                id=note_id,
                scope=note.scope,
                case_id=note.case_id,
                practitioner_id=note.practitioner_id,
                kind=note.kind,
                state=note.state,
                number=1,
                contact_at=note.contact_at,
                created_at=now,
                since=now,
            )
        )
        self._insert_version(connection, replace(note, id=note_id, number=1), author, payload)
        self._audit.append(connection, author or SYSTEM, "note created", note_id)
        return note_id

    def add_version(
        self, connection: Connection, note: Note, payload: bytes, author: str | None, state: str
    ) -> int:
        """A new version on top of the one `note` was read at, and the state it leads to.

        The contact's time becomes the one that `note` gives.

        Raises ConflictError if somebody added a version or decided in between.
        """
        number = note.number + 1
        self._move(connection, note, state, number)
        self._insert_version(connection, replace(note, number=number), author, payload)
        self._audit.append(connection, author or SYSTEM, f"note version {number}", note.id)
        return number

    def decide(
        self, connection: Connection, note: Note, entry: tuple[str, str, bytes], state: str
    ) -> None:
        """Record (kind, actor, words) about exactly the version and state that was read."""
        kind, actor, _ = entry
        self._move(connection, note, state, note.number)
        self._insert_entry(connection, decisions, note, entry)
        self._audit.append(connection, actor, f"note {kind} at version {note.number}", note.id)

    def reply(self, note: Note, number: int, person_id: str, payload: bytes) -> str:
        """Keep a young person's words beside version `number`, unaltered; the entry's id."""
        with self._database.write() as connection:
            return self.reply_within(connection, note, (number, person_id, payload))

    def reply_within(
        self, connection: Connection, note: Note, reply: tuple[int, str, bytes]
    ) -> str:
        """As `reply`, within the caller's transaction: the version, whose words, the words."""
        number, person_id, payload = reply
        entry = (str(number), person_id, payload)
        entry_id = self._insert_entry(connection, replies, note, entry)
        self._audit.append(connection, person_id, "reply added", note.id)
        return entry_id

    def exported(self, note_id: str, number: int, actor: str) -> None:
        """Remember that this exact version left the house."""
        with self._database.write() as connection:
            connection.execute(
                insert(exports).values(
                    id=new_id(),
                    note_id=note_id,
                    number=number,
                    actor_id=actor,
                    created_at=now_ms(),
                )
            )
            self._audit.append(connection, actor, f"note exported at version {number}", note_id)

    # --- reading ---

    def get(self, note_id: str) -> Note:
        """The note; NotFoundError if there is none, TamperedError if it does not fit its versions."""
        versions = note_versions.c
        last = select(func.max(versions.number)).where(versions.note_id == note_id)
        with self._database.read() as connection:
            row = connection.execute(select(notes).where(notes.c.id == note_id)).one_or_none()
            if row is None:
                raise NotFoundError("there is no such note")
            check_fit(row, connection.scalar(last))
        return note_from(row)

    def all(self, *states: str, case_id: str | None = None, scope: str = "") -> list[Note]:
        """Notes that are not erased, in `states`, oldest first; of a case, or within a scope.

        When no state is named: all but those that were merged into another.
        """
        query = select(notes).where(alive(notes.c.scope)).order_by(notes.c.contact_at)
        wanted = notes.c.state.in_(states) if states else notes.c.state != MERGED
        query = query.where(wanted)
        if case_id is not None:
            query = query.where(notes.c.case_id == case_id)
        if scope:
            query = query.where(notes.c.scope == scope)
        with self._database.read() as connection:
            return [note_from(row) for row in connection.execute(query)]

    def unsent(self, state: str) -> list[Note]:
        """Notes in this state of which something may have to leave, oldest contact first.

        Those whose newest version has not, and those that a young person spoke of.
        """
        gone = exists().where(exports.c.note_id == notes.c.id, exports.c.number == notes.c.number)
        answered = select(decisions.c.note_id).where(decisions.c.kind == "answered")
        spoken = notes.c.id.in_(select(replies.c.note_id)) | notes.c.id.in_(answered)
        query = select(notes).where(alive(notes.c.scope), notes.c.state == state, ~gone | spoken)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(notes.c.contact_at))
            return [note_from(row) for row in rows]

    def version(self, note_id: str, number: int) -> Version:
        """One version; NotFoundError if there is none."""
        query = select(note_versions).where(
            note_versions.c.note_id == note_id, note_versions.c.number == number
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
            note = connection.execute(select(notes).where(notes.c.id == note_id)).one_or_none()
            if row is None or note is None:
                raise NotFoundError("there is no such version of this note")
            return self._version(connection, row, note)

    def versions(self, note_id: str, upto: int) -> list[Version]:
        """Versions 1 to `upto`, in order.

        TamperedError if one of them is not there, or not as it was written; ErasedError.
        """
        query = (
            select(note_versions)
            .where(note_versions.c.note_id == note_id, note_versions.c.number <= upto)
            .order_by(note_versions.c.number)
        )
        with self._database.read() as connection:
            note = connection.execute(select(notes).where(notes.c.id == note_id)).one_or_none()
            rows = connection.execute(query).all()
            if note is None or [row.number for row in rows] != list(range(1, upto + 1)):
                raise TamperedError(f"note {note_id} has lost some of its versions", note_id)
            return [self._version(connection, row, note) for row in rows]

    def authors(self, note_id: str, upto: int) -> list[str | None]:
        """Who wrote versions 1 to `upto`, in order; None stands for the machine. As `versions`."""
        # Who may approve hangs on this, and it stands in clear: so each is opened.
        return [version.author_id for version in self.versions(note_id, upto)]

    def decisions(self, note_id: str) -> list[Entry]:
        """Decisions about a note, oldest first."""
        return self._entries(decisions, note_id)

    def replies(self, note_id: str) -> list[Entry]:
        """Replies to a note, oldest first; `kind` is the version they speak to."""
        return self._entries(replies, note_id)

    def exported_versions(self, note_id: str) -> Sequence[int]:
        """The versions of a note that have been exported."""
        query = select(exports.c.number).where(exports.c.note_id == note_id)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def departures(self, note_id: str = "") -> dict[str, list[tuple[int, int]]]:
        """By note, each version that left the house and when (ms), the first version first; of one, or of all."""
        query = select(exports).order_by(exports.c.number)
        query = query.where(exports.c.note_id == note_id) if note_id else query
        found: dict[str, list[tuple[int, int]]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query):
                found.setdefault(row.note_id, []).append((row.number, row.created_at))
        return found

    def last_words(self) -> dict[str, int]:
        """By note, when (ms) a young person spoke of it, or was answered, last; notes without any are not there."""
        answered = decisions.c.kind == "answered"
        queries = (
            select(replies.c.note_id, func.max(replies.c.created_at)),
            select(decisions.c.note_id, func.max(decisions.c.created_at)).where(answered),
        )
        found: dict[str, int] = {}
        with self._database.read() as connection:
            for query in queries:
                for note_id, at in connection.execute(query.group_by(query.selected_columns[0])):
                    found[note_id] = max(at, found.get(note_id, 0))
        return found

    def last_export(self, note_id: str) -> int:
        """When (ms) anything of a note left the house last; 0 where nothing did."""
        left = select(func.max(exports.c.created_at)).where(exports.c.note_id == note_id)
        mine = (passages.c.note_id == note_id) & (passages.c.kind == APPENDED)
        added = select(func.max(passages.c.created_at)).where(mine)
        with self._database.read() as connection:
            return max(connection.scalar(query) or 0 for query in (left, added))

    def stays(self, connection: Connection, note_id: str, scope: str) -> None:
        """ConflictError unless a note lies in `scope`; there it stays until this transaction ends."""
        there = select(notes.c.scope).where(notes.c.id == note_id).with_for_update()
        if connection.scalar(there) != scope:
            raise ConflictError(f"note {note_id} has moved on already")

    # --- within ---

    def _version(self, connection: Connection, row: Any, note: Any) -> Version:
        payload = self._identities.opened(connection, note_versions, row, whose(note))
        return Version(row.note_id, row.number, row.author_id, row.created_at, payload)

    def _move(self, connection: Connection, note: Note, state: str, number: int) -> None:
        # Later than it was made, whatever the clock says: it has not stood like this since then.
        moved = {"since": max(now_ms(), note.created_at + 1)} if state != note.state else {}
        changed = connection.execute(
            update(notes)
            .where(
                notes.c.id == note.id,
                notes.c.number == note.number,
                notes.c.state == note.state,
                # Its words are sealed for where it was read: it must lie there still.
                notes.c.scope == note.scope,
                notes.c.practitioner_id == note.practitioner_id,
            )
            .values(state=state, number=number, contact_at=note.contact_at, **moved)
        )
        if changed.rowcount != 1:
            raise ConflictError(f"note {note.id} was changed by somebody else")

    def _insert_version(
        self, connection: Connection, note: Note, author: str | None, payload: bytes
    ) -> None:
        values = {
            "id": new_id(),
            "note_id": note.id,
            "number": note.number,
            "author_id": author,
            "created_at": now_ms(),
            "scope": note.scope,
            "version": 1,
        }
        also = whose(note)
        sealed = self._identities.sealed(connection, note_versions, values, payload, also)
        connection.execute(insert(note_versions).values(**sealed))

    def _insert_entry(
        self, connection: Connection, table: Any, note: Note, entry: tuple[str, str, bytes]
    ) -> str:
        kind, actor, payload = entry
        who = (
            {"kind": kind, "actor_id": actor, "number": note.number}
            if table is decisions
            else {"person_id": actor, "number": int(kind)}
        )
        values = {
            "id": new_id(),
            "note_id": note.id,
            "created_at": _next_moment(connection, note.id),
            "scope": note.scope,
            "version": 1,
            **who,
        }
        sealed = self._identities.sealed(connection, table, values, payload)
        connection.execute(insert(table).values(**sealed))
        return str(sealed["id"])

    def _entries(self, table: Any, note_id: str) -> list[Entry]:
        query = _in_order(table, note_id)
        with self._database.read() as connection:
            return [self._entry(connection, table, row) for row in connection.execute(query)]

    def _entry(self, connection: Connection, table: Any, row: Any) -> Entry:
        with self._database.alarm.noting(row):
            payload = self._identities.opened(connection, table, row)
        kind, actor = (
            (row.kind, row.actor_id) if table is decisions else (str(row.number), row.person_id)
        )
        return Entry(row.id, row.note_id, row.number, kind, actor, row.created_at, payload)


def check_fit(note: Row[Any], newest: int | None) -> None:
    """TamperedError unless a note's row fits its scope and the newest version there is."""
    if not (note.scope == (note.case_id or TEAM) or is_own(note)) or newest != note.number:
        raise TamperedError(f"note {note.id} was put back or moved", note.id)


def is_own(row: Any) -> bool:
    """Whether a note or recording lies in its practitioner's own record: under a key of theirs, and on no case."""
    return row.case_id is None and row.scope == row.practitioner_id


def whose(note: Note | Row[Any]) -> Clear:
    """What of a note's clear row decides who reads it; sealed in with each of its versions."""
    own: Clear = (("own", 1),) if is_own(note) else ()
    return (("practitioner_id", note.practitioner_id), ("case_id", note.case_id), *own)


def _in_order(table: Any, note_id: str) -> Any:
    return select(table).where(table.c.note_id == note_id).order_by(table.c.created_at)


def _next_moment(connection: Connection, note_id: str) -> int:
    """Now, but later than every entry there is.

    Their order says which decision holds, and which replies nobody has read.
    """
    tables = (decisions, replies)
    newest = (select(func.max(t.c.created_at)).where(t.c.note_id == note_id) for t in tables)
    return max(now_ms(), *(1 + (connection.scalar(each) or 0) for each in newest))


def note_from(row: Any) -> Note:
    """A row of the notes table as a value."""
    return Note(
        row.id,
        row.scope,
        row.case_id,
        row.practitioner_id,
        row.kind,
        row.state,
        row.number,
        row.contact_at,
        row.created_at,
        row.since,
    )
