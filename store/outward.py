"""The way out to the council's system: what became of each note, and of what is offered beside them.

Entries are sealed to the case, numbered from 1 and only ever added; the newest says how things stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, case, func, insert, select, tuple_

from store import notes
from store.audit import Audit
from store.errors import ConflictError, TamperedError
from store.identities import Identities
from store.notes import Note
from store.payloads import decode
from store.people import new_id
from store.session import Database, now_ms
from store.tables import alive, audit, exports, offers, passages
from store.tables import notes as noted

LEFT = "left"
"""It left the house."""

BEGUN, LET_BE, APPENDED, RECEIVED = "begun", "let be", notes.APPENDED, "received"
"""Somebody made sure of the person and pastes it; they did not after all; an appendment to it left; its
receipt is there."""

_DONE = {
    BEGUN: "person made sure of",
    LET_BE: "not pasted after all",
    LEFT: "note left",
    APPENDED: "appendment left",
    RECEIVED: "Mosaic receipt kept",
}

EVENT, SUMMARY = "event", "summary"
MADE_SURE = "made sure"
"""The kind of an entry that says by what somebody made sure of the person."""

APPROVED, DECLINED = "approved", "declined"
"""Somebody else lets it go to Mosaic, or does not."""

_PACKED = "pack left"


@dataclass(frozen=True, slots=True)
class Passing:
    """What an entry about a note seals."""

    version: int  # of the note
    note_there: str = ""  # RECEIVED: its id in Mosaic, digits
    made_sure_by: str = ""  # BEGUN: what the person was made sure of by, beside name and id
    text: str = ""  # APPENDED: what was added there
    said: tuple[
        str, ...
    ] = ()  # APPENDED: ids of the young person's words in it, one for each change of them
    by: str = ""  # APPENDED: in which way it left


@dataclass(frozen=True, slots=True)
class Passage:
    """One entry about a note."""

    note_id: str
    number: int  # from 1
    kind: str  # BEGUN, LET_BE, LEFT, APPENDED or RECEIVED
    actor_id: str
    at: int  # ms since 1970, UTC
    passing: Passing


@dataclass(frozen=True, slots=True)
class Offering:
    """What an entry about a case seals."""

    key: str  # which event or version of the summary
    became: str  # APPROVED, DECLINED or LEFT
    day: str = ""  # of an event, YYYY-MM-DD
    category: str = ""  # of an event
    title: str = ""  # of an event
    source: str = ""  # what it was drawn from, in words
    text: str = ""  # an event's description, or the whole summary
    by: str = ""  # LEFT: in which way


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry about a case."""

    case_id: str
    number: int  # from 1
    kind: str  # EVENT, SUMMARY or MADE_SURE
    actor_id: str
    at: int  # ms since 1970, UTC
    offering: Offering


class Entries:
    """Adds and opens the entries of one table."""

    _table: Table
    _owner: str  # column

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit

    def _put(
        self, connection: Connection, scope: str, values: dict[str, Any], what: object
    ) -> None:
        """A further entry; ConflictError unless its number is the next, ErasedError."""
        mine = self._table.c[self._owner] == values[self._owner]
        last = connection.scalar(select(func.max(self._table.c.number)).where(mine)) or 0
        if values["number"] not in {0, last + 1}:
            raise ConflictError(f"somebody else added to {values[self._owner]} meanwhile")
        row = {"id": new_id(), "created_at": now_ms(), "scope": scope, "version": 1} | values
        row["number"] = last + 1
        payload = msgspec.json.encode(what)
        sealed = self._identities.sealed(connection, self._table, row, payload)
        connection.execute(insert(self._table).values(**sealed))

    def _whole(self, owner_id: str) -> list[tuple[Any, bytes]]:
        """All of one owner's, oldest first; TamperedError where one is missing or does not open."""
        mine = self._table.c[self._owner] == owner_id
        query = select(self._table).where(mine).order_by(self._table.c.number)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            if [row.number for row in rows] != list(range(1, len(rows) + 1)):
                raise TamperedError(f"an entry beside {owner_id} is missing", owner_id)
            return [(row, self._opened(connection, row)) for row in rows]

    def _of_kinds(self, kinds: Iterable[str]) -> list[tuple[Any, bytes]]:
        """Those of these kinds, oldest first; what does not open is left out, and told of."""
        wanted = (self._table.c.kind.in_(tuple(kinds)), alive(self._table.c.scope))
        query = select(self._table).where(*wanted)
        query = query.order_by(self._table.c.created_at, self._table.c.number)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            known = self._identities.many(connection, {row.scope for row in rows})

            def opened(row: Any) -> tuple[Any, bytes]:
                return row, self._identities.opened(connection, self._table, row, known=known)

            return self._database.alarm.whole(rows, opened)

    def _opened(self, connection: Connection, row: Any) -> bytes:
        with self._database.alarm.noting(row):
            return self._identities.opened(connection, self._table, row)


class Passages(Entries):
    """What became of notes."""

    _table, _owner = passages, "note_id"

    def add(self, note: Note, number: int, kind: str, passing: Passing, actor: str) -> None:
        """Keep an entry as `number` of its note; ConflictError if that is not the next one. 0: whichever is.

        A version that LEFT, was APPENDED or is RECEIVED has left the house from then on.
        """
        self.add_all(note, number, [(kind, passing)], actor)

    def add_all(
        self, note: Note, number: int, entries: Iterable[tuple[str, Passing]], actor: str
    ) -> None:
        """Several at once, one after the other, all or none; as `add`."""
        with self._database.write() as connection:
            for place, (kind, passing) in enumerate(entries):
                at = number + place if number else 0
                self.add_within(connection, note, at, kind, passing, actor)

    def add_within(
        self,
        connection: Connection,
        note: Note,
        number: int,
        kind: str,
        passing: Passing,
        actor: str,
    ) -> None:
        """As `add`, within the caller's transaction."""
        values = {"note_id": note.id, "number": number, "kind": kind, "actor_id": actor}
        self._put(connection, note.scope, values, passing)
        if kind in {LEFT, APPENDED, RECEIVED}:
            self._has_left(connection, note.id, passing.version, actor)
        done = f"{_DONE[kind]}, version {passing.version}"
        self._audit.append(connection, actor, done, note.id)

    def of(self, note_id: str) -> list[Passage]:
        """All of a note, oldest first; TamperedError, ErasedError."""
        return [_passage(*each) for each in self._whole(note_id)]

    def all(self, *kinds: str) -> list[Passage]:
        """Those of these kinds, of every note that is not erased, oldest first."""
        return [_passage(*each) for each in self._of_kinds(kinds)]

    def begun(self) -> frozenset[str]:
        """Ids of notes that somebody pastes just now."""
        newest = select(passages.c.note_id, func.max(passages.c.number)).group_by(
            passages.c.note_id
        )
        place = tuple_(passages.c.note_id, passages.c.number)
        query = select(passages.c.note_id).where(passages.c.kind == BEGUN, place.in_(newest))
        with self._database.read() as connection:
            return frozenset(connection.scalars(query))

    def owing(self) -> list[str]:
        """Ids of notes that left and have no receipt of what left last, oldest contact first."""
        left, received = (
            func.coalesce(func.max(case((passages.c.kind.in_(kinds), passages.c.number))), 0)
            for kinds in ((LEFT, APPENDED), (RECEIVED,))
        )
        settled = select(passages.c.note_id).group_by(passages.c.note_id).having(received > left)
        gone = noted.c.id.in_(select(exports.c.note_id))
        query = select(noted.c.id).where(gone, noted.c.id.not_in(settled))
        query = query.where(alive(noted.c.scope), noted.c.state != notes.MERGED)
        with self._database.read() as connection:
            return list(connection.scalars(query.order_by(noted.c.contact_at)))

    def receipts(self) -> dict[str, Passage]:
        """By note, the first receipt there is of it: since then it stands in Mosaic."""
        found: dict[str, Passage] = {}
        for each in self.all(RECEIVED):
            found.setdefault(each.note_id, each)
        return found

    def _has_left(self, connection: Connection, note_id: str, number: int, actor: str) -> None:
        there = (exports.c.note_id == note_id) & (exports.c.number == number)
        if connection.scalar(select(exports.c.id).where(there)) is None:
            values = {"note_id": note_id, "number": number, "actor_id": actor}
            connection.execute(insert(exports).values(id=new_id(), created_at=now_ms(), **values))


class Offers(Entries):
    """What was offered of cases beside their notes, and what was decided of it."""

    _table, _owner = offers, "case_id"

    def add(self, case_id: str, number: int, kind: str, offering: Offering, actor: str) -> None:
        """Keep an entry as `number` of its case; ConflictError if that is not the next one."""
        with self._database.write() as connection:
            self.add_within(connection, case_id, number, kind, offering, actor)

    def add_within(
        self,
        connection: Connection,
        case_id: str,
        number: int,
        kind: str,
        offering: Offering,
        actor: str,
    ) -> None:
        """As `add`, within the caller's transaction."""
        values = {"case_id": case_id, "number": number, "kind": kind, "actor_id": actor}
        self._put(connection, case_id, values, offering)
        self._audit.append(connection, actor, f"{kind} for Mosaic {offering.became}", case_id)

    def of(self, case_id: str) -> list[Offer]:
        """All of a case, oldest first; TamperedError, ErasedError."""
        return [_offer(*each) for each in self._whole(case_id)]

    def cases(self) -> Collection[str]:
        """The ids of cases, not erased, of which there are any."""
        query = select(offers.c.case_id).where(alive(offers.c.scope)).distinct()
        with self._database.read() as connection:
            return list(connection.scalars(query.order_by(offers.c.case_id)))


class Packs:
    """Packs of files, each of which leaves as a whole."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._passages = Passages(database, identities, audit)
        self._offers = Offers(database, identities, audit)

    def leave(
        self,
        pack: str,
        notes: Iterable[tuple[Note, int, str, Passing]],
        beside: Iterable[tuple[str, int, str, Offering]],
        actor: str,
    ) -> None:
        """Keep that all that is in a pack has left, or nothing of it.

        `notes` and `beside` are as `Passages.add` and `Offers.add` take them; ConflictError,
        ErasedError.
        """
        with self._database.write() as connection:
            for each in notes:
                self._passages.add_within(connection, *each, actor)
            for one in beside:
                self._offers.add_within(connection, *one, actor)
            self._audit.append(connection, actor, _PACKED, pack)

    def has_left(self, pack: str) -> bool:
        """Whether `leave` came to its end for this pack."""
        there = (audit.c.object == pack) & (audit.c.action == _PACKED)
        with self._database.read() as connection:
            return connection.scalar(select(audit.c.seq).where(there)) is not None


def _passage(row: Any, payload: bytes) -> Passage:
    passing = decode(payload, Passing, row.note_id)
    return Passage(row.note_id, row.number, row.kind, row.actor_id, row.created_at, passing)


def _offer(row: Any, payload: bytes) -> Offer:
    offering = decode(payload, Offering, row.case_id)
    return Offer(row.case_id, row.number, row.kind, row.actor_id, row.created_at, offering)
