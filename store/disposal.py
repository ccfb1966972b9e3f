"""What goes by a rule: told of first, then erased with a certificate, each in one transaction.

Which rule says what is due is the caller's business. Here stands what no rule may pass: a thing goes
only once it was told of long enough, as it stood when the rule looked, under no hold, and not where a
young person keeps it. Blobs follow with the next sweep, as with all that is erased.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, exists, func, insert, select, update

from store.audit import SYSTEM, Audit
from store.errors import ConflictError
from store.holds import Holds
from store.identities import Identities
from store.notes import whose
from store.original import RecordingDetails, details_of
from store.people import new_id
from store.records import DRAFTED, ERASED, QUARANTINED
from store.session import Database, now_ms
from store.strays import leave
from store.tables import (
    arrivals,
    audit,
    corrections,
    decisions,
    derived,
    disposals,
    emergencies,
    exports,
    feedback,
    hearings,
    keepsakes,
    makings,
    note_versions,
    notes,
    openings,
    recordings,
    relistenings,
    replies,
    transcripts,
)

SOUND, TRANSCRIPT, VERSION, ARRIVAL = "sound", "transcript", "version", "arrival"
PACK = "pack"
"""The bytes of a recording; what was heard in it; what a version of a note said; a file of nobody's; the
files of a pack for another system, which lie outside the store."""

GONE = "SoundErased"
"""Why something with no bytes left is set aside, and why nothing can be made from it."""


_WENT = select(disposals.c.object).where(disposals.c.at.is_not(None))


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """What a rule is about."""

    kind: str  # SOUND, TRANSCRIPT, VERSION, ARRIVAL or PACK
    object: str  # id: of a recording (for TRANSCRIPT too), a version's row, an arrival, a pack
    rule: str  # its name


@dataclass(frozen=True, slots=True)
class Disposal:
    """What goes, or the certificate that it went."""

    id: str
    kind: str
    object: str
    rule: str
    told_at: int  # ms: since when anybody could know that it goes
    actor: str | None = None
    at: int | None = None  # ms; None: it is still there
    size: int | None = None  # bytes, as it was sealed
    sha256: str | None = None  # of it as it was sealed


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule looked at when it said that something may go."""

    notes: Mapping[str, tuple[Any, ...]]  # see `Disposing.standing`, by id
    scopes: frozenset[str]  # whose holds count
    told_before: int  # ms: it was told of before this
    kept: frozenset[str] = frozenset()  # ids that a young person must not have kept


class Disposing:
    """Tells, erases and certifies."""

    def __init__(
        self, database: Database, identities: Identities, audit_: Audit, holds: Holds
    ) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit_
        self._holds = holds

    # --- before ---

    def tell(self, due: Collection[Thing]) -> None:
        """From now on these, and nothing else, are told of as going; what was told keeps its time.

        Whoever was told of something under another rule is told anew.
        """
        with self._database.write() as connection:
            open_ = disposals.c.at.is_(None)
            rows = connection.execute(select(disposals).where(open_)).all()
            known = {Thing(row.kind, row.object, row.rule): row.id for row in rows}
            for thing in known.keys() - set(due):
                connection.execute(delete(disposals).where(disposals.c.id == known[thing]))
                self._audit.append(connection, SYSTEM, f"{thing.kind} to be kept", thing.object)
            for thing in sorted(set(due) - known.keys()):
                values = asdict(Disposal(new_id(), **asdict(thing), told_at=now_ms()))
                connection.execute(insert(disposals).values(**values))
                action = f"{thing.kind} to go by rule {thing.rule}"
                self._audit.append(connection, SYSTEM, action, thing.object)

    def told(self) -> dict[Thing, int]:
        """What is told of and still there, and since when (ms)."""
        query = select(disposals).where(disposals.c.at.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return {Thing(row.kind, row.object, row.rule): row.told_at for row in rows}

    def standing(self, note_ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        """How notes stand: their state, version, whose they are, and how much was said to them."""
        with self._database.read() as connection:
            return _standing(connection, note_ids, lock=False)

    def set_aside(self, recording_id: str) -> int:
        """When a recording was set aside last (ms); 0 if the log knows nothing of that."""
        mine = (audit.c.object == recording_id) & (audit.c.action == f"recording {QUARANTINED}")
        with self._database.read() as connection:
            return connection.scalar(select(func.max(audit.c.at)).where(mine)) or 0

    def keepsakes(self) -> frozenset[str]:
        """Ids of all that young people keep something of: recordings, replies and notes."""
        query = select(keepsakes.c.subject_id, keepsakes.c.note_id)
        with self._database.read() as connection:
            return frozenset(each for row in connection.execute(query) for each in row)

    def drafts(self, note_id: str) -> list[tuple[str, int]]:
        """The rows, with their size, of a note's earlier versions that are nothing but drafts.

        What was ever approved, shown, heard again, answered or exported is none.
        """
        mine = note_versions.c.note_id == note_id
        more = [
            select(table.c.number).where(table.c.note_id == note_id)
            for table in (exports, replies, relistenings, feedback)
        ]
        only = decisions.c.kind.in_(("submitted", "returned"))
        more.append(select(decisions.c.number).where(decisions.c.note_id == note_id, ~only))
        last = select(notes.c.number).where(notes.c.id == note_id).scalar_subquery()
        row = note_versions.c
        query = select(row.id, row.sealed).where(mine, row.number < last, row.id.not_in(_WENT))
        query = query.where(*(row.number.not_in(each) for each in more)).order_by(row.number)
        with self._database.read() as connection:
            return [(each.id, len(each.sealed)) for each in connection.execute(query)]

    # --- going ---

    def sounds(self, things: Sequence[Thing], judged: Judged, actor: str) -> list[Disposal]:
        """The bytes of a recording, with those of all files of its film: all of `things`, or none.

        ConflictError if anything is no longer as it was judged, HeldError under a legal hold.
        """
        return self._go(things, judged, actor, self._sound)

    def transcripts(self, things: Sequence[Thing], judged: Judged, actor: str) -> list[Disposal]:
        """What was heard in a recording whose bytes went before; as `sounds`."""
        return self._go(things, judged, actor, self._transcript)

    def versions(self, things: Sequence[Thing], judged: Judged, actor: str) -> list[Disposal]:
        """What earlier versions of a note said; who wrote them and when stays. As `sounds`."""
        return self._go(things, judged, actor, self._version)

    def arrivals(
        self,
        things: Sequence[Thing],
        judged: Judged,
        actor: str,
        also: Callable[[Connection], None],
    ) -> list[Disposal]:
        """Files that nobody claimed, and what `also` does about them; as `sounds`."""

        def remove(connection: Connection, thing: Thing, at: int) -> tuple[int, str] | None:
            was = self._arrival(connection, thing, at)
            also(connection)
            return was

        return self._go(things, judged, actor, remove)

    def packs(
        self,
        things: Sequence[Thing],
        judged: Judged,
        actor: str,
        take: Callable[[], tuple[int, str]],
    ) -> list[Disposal]:
        """A pack that `take` puts out of everybody's reach, giving its size and sum; as `sounds`."""
        return self._go(things, judged, actor, lambda *_: take())

    # --- after ---

    def all(self) -> list[Disposal]:
        """The certificates, oldest first."""
        with self._database.read() as connection:
            return gone(connection)

    def repeat(self, connection: Connection, done: Disposal) -> bool:
        """Erase what went already, where this database does not know of it; whether so."""
        mine = (disposals.c.object == done.object) & (disposals.c.kind == done.kind)
        row = connection.execute(select(disposals).where(mine)).one_or_none()
        if row is not None and row.at is not None:
            return False
        connection.execute(delete(disposals).where(mine))
        self._remover(done.kind)(connection, Thing(done.kind, done.object, done.rule), done.at or 0)
        connection.execute(insert(disposals).values(**asdict(done)))
        self._certified(connection, done)
        return True

    # --- within ---

    def _go(
        self,
        things: Sequence[Thing],
        judged: Judged,
        actor: str,
        remove: Callable[[Connection, Thing, int], tuple[int, str] | None],
    ) -> list[Disposal]:
        now, done = now_ms(), []
        with self._database.write() as connection:
            self._require(connection, judged)
            for thing in things:
                told = self._told(connection, thing, judged)
                was = remove(connection, thing, now)
                if was is None:
                    raise ConflictError(f"{thing.kind} {thing.object} is not there any more")
                size, sha256 = was
                each = replace(told, actor=actor, at=now, size=size, sha256=sha256)
                mine = disposals.c.id == each.id
                connection.execute(update(disposals).where(mine).values(**asdict(each)))
                self._certified(connection, each)
                done.append(each)
        return done

    def _require(self, connection: Connection, judged: Judged) -> None:
        """ConflictError or HeldError unless all is as it was judged, and stays so until the end."""
        for scope in sorted(judged.scopes):
            self._holds.forbid(connection, scope)
        if _standing(connection, judged.notes, lock=True) != dict(judged.notes):
            raise ConflictError("a note that stands on it was changed meanwhile")
        kept = keepsakes.c.subject_id.in_(judged.kept) | keepsakes.c.note_id.in_(judged.kept)
        if judged.kept and connection.scalar(select(keepsakes.c.id).where(kept).limit(1)):
            raise ConflictError("a young person keeps it")
        going_on = emergencies.c.ended_at.is_(None) & (emergencies.c.ends_at > now_ms())
        not_over = emergencies.c.reviewed_at.is_(None) | going_on
        open_ = emergencies.c.case_id.in_(judged.scopes) & not_over
        if connection.scalar(select(emergencies.c.id).where(open_).limit(1)):
            raise ConflictError("its case is open in an emergency")

    def _told(self, connection: Connection, thing: Thing, judged: Judged) -> Disposal:
        mine = (disposals.c.object == thing.object) & (disposals.c.kind == thing.kind)
        still = disposals.c.at.is_(None) & (disposals.c.rule == thing.rule)
        row = connection.execute(
            select(disposals).where(mine, still).with_for_update()
        ).one_or_none()
        if row is None or row.told_at > judged.told_before:
            raise ConflictError(f"{thing.kind} {thing.object} was not told of for long enough")
        return _disposal(row)

    def _certified(self, connection: Connection, done: Disposal) -> None:
        self._audit.append(connection, done.actor or SYSTEM, _action(done), done.object)

    def _remover(self, kind: str) -> Callable[[Connection, Thing, int], tuple[int, str] | None]:
        return {
            SOUND: self._sound,
            TRANSCRIPT: self._transcript,
            VERSION: self._version,
            ARRIVAL: self._arrival,
            PACK: lambda *_: None,
        }[kind]

    def _sound(self, connection: Connection, thing: Thing, at: int) -> tuple[int, str] | None:
        row = _one(connection, recordings, recordings.c.id == thing.object)
        if row is None or row.state == ERASED or row.gone_at is not None:
            return None
        details = details_of(connection, self._identities, recordings, row)
        assert isinstance(details, RecordingDetails)  # noqa: S101 - for the types: of its table
        after = replace(details, gone_at=at, gone_by=thing.rule)
        # What a set of before knows nothing of yet is not begun: there is nothing to hear in it.
        moved = row.state if row.note_id is not None else QUARANTINED
        if row.state in (DRAFTED, QUARANTINED):
            moved = row.state
        aside = {} if moved == row.state else {"state": moved, "reason": GONE}
        changed = {"header": b"", "blob": "", "gone_at": at, "gone_by": thing.rule, **aside}
        self._identities.anew(connection, recordings, row, changed, msgspec.json.encode(after))
        mine = derived.c.recording_id == row.id
        made = connection.scalars(select(derived.c.blob).where(mine)).all()
        leave(connection, [row.blob, *made])
        for table in (derived, makings, hearings):
            connection.execute(delete(table).where(table.c.recording_id == row.id))
        entered = {"state": "failed", "reason": GONE, "attempts": 0, "next_try_at": 0}
        connection.execute(insert(makings).values(recording_id=row.id, **entered))
        return details.payload_size, details.payload_sha256

    def _transcript(self, connection: Connection, thing: Thing, _: int) -> tuple[int, str] | None:
        row = _one(connection, transcripts, transcripts.c.recording_id == thing.object)
        if row is None:
            return None
        for table in (transcripts, corrections, hearings):
            connection.execute(delete(table).where(table.c.recording_id == thing.object))
        return len(row.sealed), hashlib.sha256(row.sealed).hexdigest()

    def _version(self, connection: Connection, thing: Thing, _: int) -> tuple[int, str] | None:
        row = _one(connection, note_versions, note_versions.c.id == thing.object)
        if row is None:
            return None
        note = _one(connection, notes, notes.c.id == row.note_id)
        if note is None or row.number >= note.number:
            return None  # what a note says now is no draft of it
        self._identities.anew(connection, note_versions, row, {}, b"", whose(note))
        return len(row.sealed), hashlib.sha256(row.sealed).hexdigest()

    def _arrival(self, connection: Connection, thing: Thing, _: int) -> tuple[int, str] | None:
        row = _one(connection, arrivals, arrivals.c.id == thing.object)
        if row is None or row.blob is None:
            return None
        connection.execute(delete(arrivals).where(arrivals.c.id == row.id))
        connection.execute(delete(openings).where(openings.c.arrival_id == row.id))
        leave(connection, [row.blob])
        return len(row.sealed), hashlib.sha256(row.header).hexdigest()


def gone(connection: Connection) -> list[Disposal]:
    """The certificates, oldest first; none of which the log knows nothing, or whose thing is there."""
    written = disposals.c.kind + " erased by rule " + disposals.c.rule
    logged = exists().where(audit.c.object == disposals.c.object, audit.c.action == written)
    there = select(recordings.c.id).where(recordings.c.blob != "")
    false = (disposals.c.kind == SOUND) & disposals.c.object.in_(there)
    query = select(disposals).where(disposals.c.at.is_not(None), logged, ~false)
    rows = connection.execute(query.order_by(disposals.c.at, disposals.c.id)).all()
    return [_disposal(row) for row in rows]


def _action(done: Disposal) -> str:
    return f"{done.kind} erased by rule {done.rule}"


def _disposal(row: Any) -> Disposal:
    return Disposal(
        row.id,
        row.kind,
        row.object,
        row.rule,
        row.told_at,
        row.actor,
        row.at,
        row.size,
        row.sha256,
    )


def _one(connection: Connection, table: Any, condition: Any, *, lock: bool = True) -> Any:
    query = select(table).where(condition)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def _standing(
    connection: Connection, note_ids: Iterable[str], *, lock: bool
) -> dict[str, tuple[Any, ...]]:
    found = {}
    for note_id in sorted(set(note_ids)):
        row = _one(connection, notes, notes.c.id == note_id, lock=lock)
        if row is not None:
            said = tuple(
                connection.scalar(
                    select(func.count()).select_from(table).where(table.c.note_id == note_id)
                )
                for table in (decisions, replies)
            )
            found[note_id] = (row.state, row.number, row.scope, *said)
    return found
