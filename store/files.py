"""The files of the journal as people have them listed, and a hand on those that were left.

What became of a file is its own state, or that of the recording that it is the source of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, case, func, null, or_, select, update

from store.audit import Audit
from store.errors import ConflictError, NotFoundError
from store.journal import (
    ARRIVING,
    ATTENTION,
    ENTRIES,
    LYING,
    NEWEST,
    NOT_REMOVED,
    REMOVED,
    SEALED,
    Journal,
    Sighting,
)
from store.reach import Reach
from store.records import ERASED, QUARANTINED
from store.session import Database
from store.switches import ring, rung
from store.tables import TEAM, alive, cases, recordings, sightings

AGAIN = "again"  # the reason of a file that a person wants tried again
AS_IT_IS = "as_it_is"  # likewise, although parts of it seem never to have been written
SPARSE = "sparse"  # the reason of such a file
UNASSIGNED = "unassigned"  # in the vault, for no case yet

_OWN = sightings.c.state.in_((SEALED, REMOVED)) & recordings.c.id.is_not(None)
_BECAME = case(
    (_OWN & (recordings.c.state == QUARANTINED), QUARANTINED),
    (_OWN & (recordings.c.scope == TEAM), UNASSIGNED),
    else_=sightings.c.state,
).label("became")
"""What became of a file: its own state, or that of the recording that it is the source of."""


class Files:
    """Lists what the journal holds, and has what was left in the folder tried again."""

    def __init__(self, database: Database, journal: Journal, audit: Audit) -> None:
        self._database = database
        self._journal = journal
        self._audit = audit

    def again(self, sighting_id: str, actor: str) -> None:
        """Have a file looked into anew that was left where it is; ConflictError if it was not."""
        reason = case((sightings.c.reason == SPARSE, AS_IT_IS), else_=AGAIN)
        left = (sightings.c.id == sighting_id) & (sightings.c.state == ATTENTION)
        with self._database.write() as connection:
            changed = connection.execute(
                update(sightings).where(left).values(state=ARRIVING, reason=reason)
            )
            if changed.rowcount != 1:
                raise ConflictError(f"file {sighting_id} needs nobody now")
            ring(connection, actor)
            self._audit.append(connection, actor, "file tried again", sighting_id)

    def get(self, sighting_id: str) -> Sighting:
        """One entry; NotFoundError if there is none."""
        with self._database.read() as connection:
            rows = connection.execute(ENTRIES.where(sightings.c.id == sighting_id)).all()
            found = self._journal.whole(connection, rows)
        if not found:
            raise NotFoundError(f"there is no file {sighting_id}")
        return found[0]

    def asked_at(self) -> int:
        """When somebody last asked for that (ms); 0 if nobody has."""
        with self._database.read() as connection:
            return rung(connection)

    def unremoved(self) -> list[Sighting]:
        """Files in the vault whose source should be gone, and could not be removed."""
        query = ENTRIES.where(LYING, sightings.c.reason == NOT_REMOVED)
        with self._database.read() as connection:
            return self._journal.whole(connection, connection.execute(query).all())

    def page(
        self, reach: Reach, states: Collection[str] = (), limit: int = 100, skip: int = 0
    ) -> list[tuple[str, Sighting]]:
        """What became of the files within reach, newest first: in `states`, or all of them."""
        query = _within(select(sightings.c.id, _BECAME).where(alive(sightings.c.scope)), reach)
        if states:
            query = query.where(_BECAME.in_(states))
        query = query.order_by(*NEWEST).limit(limit).offset(skip)
        with self._database.read() as connection:
            became = {row.id: row.became for row in connection.execute(query)}
            rows = connection.execute(ENTRIES.where(sightings.c.id.in_(became))).all()
            return [(became[each.id], each) for each in self._journal.whole(connection, rows)]

    def tally(self, reach: Reach) -> dict[str, int]:
        """How many files within reach are in each state; those in none are left out."""
        if reach.everyone or (reach.all_teams and not reach.shut):
            return self._tally_of_all()
        query = select(_BECAME, func.count()).where(alive(sightings.c.scope))
        with self._database.read() as connection:
            found = connection.execute(_within(query, reach).group_by(_BECAME)).all()
        return {row[0]: row[1] for row in found}

    def _tally_of_all(self) -> dict[str, int]:
        # Of all that ever came, only the few recordings that stand apart are looked up.
        state, apart = sightings.c.state, (recordings.c.state == QUARANTINED)
        states = select(state, func.count()).group_by(state)
        gone = select(cases.c.id).where(cases.c.state == ERASED)
        other = select(state, _BECAME, func.count()).select_from(recordings)
        other = other.join(sightings, sightings.c.recording_id == recordings.c.id)
        other = other.where(alive(sightings.c.scope), apart | (recordings.c.scope == TEAM))
        with self._database.read() as connection:
            counted = Counter({row[0]: row[1] for row in connection.execute(states)})
            erased = list(connection.scalars(gone))
            theirs = states.where(sightings.c.scope.in_(erased))
            for was, number in connection.execute(theirs) if erased else ():
                counted[was] -= number
            for was, became, number in connection.execute(other.group_by(state, _BECAME)):
                counted[was] -= number
                counted[became] += number
        return {state: number for state, number in counted.items() if number}


def _within(query: Select[Any], reach: Reach) -> Select[Any]:
    """`query` with what became of each file beside it, as far as somebody may see.

    A practitioner is told of the files in their own folder only.
    """
    joined = query.outerjoin_from(
        sightings, recordings, recordings.c.id == sightings.c.recording_id
    )
    if reach.everyone:
        return joined
    theirs = reach.covers(recordings.c.practitioner_id, recordings.c.case_id)
    unmade = sightings.c.recording_id.is_(None)
    of_case = case((sightings.c.scope == TEAM, null()), else_=sightings.c.scope)
    seen = or_(~unmade & theirs, unmade & reach.covers(sightings.c.practitioner_id, of_case))
    if reach.supervises:
        nobodys = sightings.c.practitioner_id.is_(None) & (sightings.c.scope == TEAM)
        return joined.where(or_(seen, unmade & nobodys))
    return joined.where(seen, sightings.c.practitioner_id == (reach.practitioner_id or ""))
