"""Erasing for good: a case or own record by its identity, a recording by all that opens it.

What was erased leaves a certificate: an id, what it was, and when; so does each recording in it. The database comes first and
the blobs after it; what a crash leaves of them is removed by the next `sweep`.

A case's rows stay as noise. Its public key goes with the secret one: who might one day compute the
one from the other finds neither. A recording's file key exists in its header alone; without it
even a copy of the blob is noise, whatever key its case still has.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from store.audit import SYSTEM, Audit
from store.errors import ErasedError, NotFoundError
from store.holds import Holds
from store.identities import Identities
from store.journal import Journal
from store.people import new_id
from store.pieces import forget_scopes
from store.records import ERASED
from store.restrictions import Restrictions
from store.session import Database, now_ms
from store.strays import leave, left_over
from store.tables import (
    TEAM,
    agreements,
    calls,
    captures,
    cases,
    circles,
    corrections,
    credentials,
    derived,
    emergencies,
    erasures,
    feedback,
    hearings,
    identities,
    invitations,
    keepsakes,
    links,
    makings,
    notes,
    orphans,
    people,
    recordings,
    sessions,
    sightings,
    stories,
    transcripts,
    unsaved,
)
from store.vault import Vault

CASE, RECORDING, OWN_RECORD = "case", "recording", "own record"
_ERASED = recordings.c.state == ERASED
_OF_A_RECORDING = (
    *(hearings, transcripts, corrections, sightings),
    *(agreements, captures, derived, makings),
)
_LIVING_CASES = select(identities.c.id).where(identities.c.wrapped.is_not(None))
_LIVING_RECORDINGS = select(recordings.c.id).where(recordings.c.sealed != b"")


@dataclass(frozen=True, slots=True)
class Erasure:
    """The certificate."""

    id: str
    kind: str  # CASE, RECORDING or OWN_RECORD
    object: str  # its id
    actor: str
    at: int  # ms


class Erasing:
    """Erases, and says what was erased."""

    def __init__(
        self,
        database: Database,
        identities_: Identities,
        audit: Audit,
        vault: Vault,
        holds: Holds,
        journal: Journal,
    ) -> None:
        self._database = database
        self._identities = identities_
        self._audit = audit
        self._vault = vault
        self._holds = holds
        self._journal = journal

    def case(self, case_id: str, actor: str) -> Erasure:
        """Destroy a case's identity and remove its blobs and sign-ins.

        A case erased before gives the same certificate again, and what was left of it is removed.
        HeldError under a legal hold, NotFoundError if there is no such case.
        """
        there = select(cases.c.id).where(cases.c.id == case_id)
        return self._whole(CASE, case_id, there, actor)

    def own_record(self, person_id: str, actor: str) -> Erasure:
        """Destroy the identity of somebody's own record and remove its blobs; as `case`.

        Who they are, and what they wrote on cases, stays.
        """
        there = select(people.c.id).where(
            people.c.id == person_id, people.c.id.in_(select(identities.c.id))
        )
        return self._whole(OWN_RECORD, person_id, there, actor)

    def _whole(self, kind: str, scope: str, there: Select[Any], actor: str) -> Erasure:
        with self._database.write() as connection:
            done = self._done(connection, scope)
            if done is None:
                if connection.scalar(there) is None:
                    raise NotFoundError(f"there is no such {kind}")
                self._holds.forbid(connection, scope)
                # A backup may hold what is in it from before it was put there.
                for each in _held_in(connection, scope):
                    if self._done(connection, each) is None:
                        self._certify(connection, _new(RECORDING, each, actor))
                done = self._apply(connection, _new(kind, scope, actor))
        self.sweep()
        return done

    def recording(self, recording_id: str, actor: str) -> Erasure:
        """Remove a recording, what was heard in it and where it was found; notes keep their words.

        All parts of a film go together, whichever is named.

        Running it again gives the same certificate. HeldError under a legal hold, ErasedError if
        its whole case was erased, NotFoundError if there is no such recording.
        """
        with self._database.write() as connection:
            done = self._done(connection, recording_id)
            if done is None:
                row = connection.execute(
                    select(recordings).where(recordings.c.id == recording_id).with_for_update()
                ).one_or_none()
                if row is None:
                    raise NotFoundError("there is no such recording")
                if row.state == ERASED:
                    raise ErasedError("this recording was erased with its case")
                if row.scope != TEAM:
                    self._holds.forbid(connection, row.scope)
                # Each part of a film has a certificate: a backup may hold it from before it was one.
                parts = _parts(connection, recording_id)
                done, *_ = [self._part(connection, each, actor) for each in parts]
        self.sweep()
        return done

    def _part(self, connection: Connection, recording_id: str, actor: str) -> Erasure:
        done = self._done(connection, recording_id)
        return done or self._apply(connection, _new(RECORDING, recording_id, actor))

    def repeat(self, connection: Connection, erasure: Erasure) -> bool:
        """Erase what was erased already, where this database does not know of it; whether so.

        Holds do not count: there was none when it was erased. Blobs go with the next `sweep`.
        """
        if self._done(connection, erasure.object) is not None:
            return False
        if erasure.kind == OWN_RECORD:
            self._begun(connection, erasure.object)
        self._apply(connection, erasure)
        return True

    def _begun(self, connection: Connection, person_id: str) -> None:
        """What was erased is not begun anew: a record of which a set knows nothing ends here too."""
        there = select(identities.c.id).where(identities.c.id == person_id)
        if connection.scalar(there) is None:
            self._identities.create(connection, person_id)

    def _apply(self, connection: Connection, done: Erasure) -> Erasure:
        (_recording if done.kind == RECORDING else self._case)(connection, done.object)
        self._certify(connection, done)
        return done

    def _certify(self, connection: Connection, done: Erasure) -> None:
        connection.execute(insert(erasures).values(**asdict(done)))
        self._audit.append(connection, done.actor, f"{done.kind} erased", done.object)

    def sweep(self) -> bool:
        """Remove blobs of what was erased, and old copies of rows from the database's files.

        False if another program reads those files just now, so that old copies stay until later.
        """
        with self._database.write() as connection:
            _overtaken(connection)
            self._journal.forget_erased(connection)
            query = select(recordings.c.id, recordings.c.blob)
            left = connection.execute(query.where(_ERASED, recordings.c.blob != "")).all()
            made = left_over(connection)
        for blob in made:
            self._vault.delete(blob)
            with self._database.write() as connection:
                connection.execute(delete(orphans).where(orphans.c.blob == blob))
        for row in left:
            self._vault.delete(row.blob)
            with self._database.write() as connection:
                connection.execute(
                    update(recordings).where(recordings.c.id == row.id).values(blob="")
                )
        return self._database.fold()

    def all(self) -> list[Erasure]:
        """Everything that was ever erased, oldest first."""
        with self._database.read() as connection:
            return certificates(connection)

    def since(self, kind: str, object_id: str) -> int:
        """From when on a backup may hold what was erased (ms); 0 if nobody knows."""
        queries = {
            CASE: [
                select(cases.c.created_at).where(cases.c.id == object_id),
                # What was assigned to the case may be older than it.
                select(func.min(recordings.c.received_at)).where(recordings.c.case_id == object_id),
                select(func.min(notes.c.created_at)).where(notes.c.case_id == object_id),
            ],
            OWN_RECORD: [
                select(func.min(recordings.c.received_at)).where(recordings.c.scope == object_id),
                select(func.min(notes.c.created_at)).where(notes.c.scope == object_id),
            ],
            RECORDING: [select(recordings.c.received_at).where(recordings.c.id == object_id)],
        }
        with self._database.read() as connection:
            found: list[int | None] = [connection.scalar(query) for query in queries[kind]]
        return min((at for at in found if at is not None), default=0)

    def _done(self, connection: Connection, object_id: str) -> Erasure | None:
        """The certificate; a false one, of what is still there, is told of and taken away."""
        row = connection.execute(
            select(erasures).where(erasures.c.object == object_id)
        ).one_or_none()
        if row is None:
            return None
        left = (
            _LIVING_CASES.where(identities.c.id == object_id),
            _LIVING_RECORDINGS.where(recordings.c.id == object_id),
        )
        if all(connection.scalar(query) is None for query in left):
            return _erasure(row)
        connection.execute(delete(erasures).where(erasures.c.object == object_id))
        self._audit.append(connection, SYSTEM, "tampering found", object_id)
        return None

    def _case(self, connection: Connection, case_id: str) -> None:
        """A case, or an own record, of which there is no row among the cases."""
        self._identities.destroy(connection, case_id)
        connection.execute(update(cases).where(cases.c.id == case_id).values(state=ERASED))
        young_people = select(people.c.id).where(people.c.case_id == case_id)
        for table in (credentials, links, sessions):
            connection.execute(delete(table).where(table.c.person_id.in_(young_people)))
        for table in (unsaved, invitations, calls, keepsakes, stories, feedback):
            connection.execute(delete(table).where(table.c.scope == case_id))
        for table in (circles, emergencies):
            connection.execute(delete(table).where(table.c.case_id == case_id))
        Restrictions(self._database, self._identities, self._audit).forget(connection, case_id)
        _blank(connection, recordings.c.scope == case_id)


def _new(kind: str, object_id: str, actor: str) -> Erasure:
    return Erasure(new_id(), kind, object_id, actor, now_ms())


def certificates(connection: Connection) -> list[Erasure]:
    """Everything that was ever erased, oldest first; not what a false row says and is there."""
    gone = (erasures.c.object.not_in(_LIVING_CASES), erasures.c.object.not_in(_LIVING_RECORDINGS))
    rows = connection.execute(
        select(erasures).where(*gone).order_by(erasures.c.at, erasures.c.id)
    ).all()
    return [_erasure(row) for row in rows]


def _erasure(row: Any) -> Erasure:
    return Erasure(row.id, row.kind, row.object, row.actor, row.at)


def _parts(connection: Connection, recording_id: str) -> list[str]:
    """The recording, and all that are there of the film that it is a part of."""
    whole = connection.scalar(
        select(captures.c.part_of).where(captures.c.recording_id == recording_id)
    )
    first = whole or recording_id
    joined = recordings.join(captures, captures.c.recording_id == recordings.c.id)
    mine = (captures.c.part_of == first) | (captures.c.recording_id == first)
    query = select(recordings.c.id).select_from(joined).where(mine, ~_ERASED)
    return list(dict.fromkeys((recording_id, *connection.scalars(query))))


def _held_in(connection: Connection, scope: str) -> list[str]:
    """The ids of the recordings of a scope."""
    query = select(recordings.c.id).where(recordings.c.scope == scope, ~_ERASED)
    return list(connection.scalars(query))


def _recording(connection: Connection, recording_id: str) -> None:
    _blank(connection, recordings.c.id == recording_id)
    _overtaken(connection)


def _overtaken(connection: Connection) -> None:
    """Remove what belongs to an erased recording, even if it was written while that was erased.

    Blobs of what was made from it stay in the vault as orphans until `sweep`.
    """
    dead = select(identities.c.id).where(identities.c.erased_at.is_not(None))
    _blank(connection, recordings.c.scope.in_(dead))
    gone = select(recordings.c.id).where(_ERASED)
    made = select(derived.c.blob).where(derived.c.recording_id.in_(gone))
    leave(connection, connection.scalars(made).all())
    forget_scopes(connection, dead)
    for table in _OF_A_RECORDING:
        connection.execute(delete(table).where(table.c.recording_id.in_(gone)))


def _blank(connection: Connection, condition: Any) -> None:
    """Leave of recordings only that there was one: no state that anything works on, no content.

    The blob's id stays until the blob is gone. The fingerprint goes too: the same file, sent
    again, is a recording like any other.
    """
    connection.execute(
        update(recordings)
        .where(condition, ~_ERASED)
        .values(state=ERASED, reason=None, tag=recordings.c.id, size=0, header=b"", sealed=b"")
    )
