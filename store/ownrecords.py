"""A member of staff's own record: what is theirs alone, under a key that is no case's.

Its identity has the member's own id, so a row is in it whose scope is its practitioner.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from store.audit import SYSTEM, Audit
from store.errors import ErasedError, NotFoundError
from store.identities import Identities
from store.notes import MERGED, Note, note_from
from store.session import Database
from store.tables import TEAM, alive, decisions, identities, notes, people


class OwnRecords:
    """Begins the records, and looks into them."""

    def __init__(self, database: Database, identities_: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities_
        self._audit = audit

    def of(self, person_id: str) -> str:
        """The scope of somebody's own record, which begins when it is first asked for.

        NotFoundError for anybody who is not staff, ErasedError once it was erased.
        """
        if self._is_there(person_id):
            return person_id
        try:
            with self._database.write() as connection:
                _require_staff(connection, person_id)
                self._identities.create(connection, person_id)
                self._audit.append(connection, SYSTEM, "own record begun", person_id)
        except IntegrityError:  # another process began it in this moment
            if not self._is_there(person_id):
                raise
        return person_id

    def notes(self, person_id: str) -> list[Note]:
        """The notes in somebody's own record, newest first; none once it was erased."""
        mine = (notes.c.practitioner_id == person_id) & (notes.c.scope == person_id)
        query = select(notes).where(mine, notes.c.state != MERGED, alive(notes.c.scope))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(notes.c.contact_at.desc())).all()
        return [note_from(row) for row in rows]

    def newest(self, person_ids: Collection[str] | None = None) -> list[Note]:
        """The newest note in each own record that has any; only of these people, if they are named."""
        own = notes.alias()
        last = select(own.c.id).where(
            own.c.scope == people.c.id,
            own.c.practitioner_id == people.c.id,
            own.c.state != MERGED,
        )
        last = last.order_by(own.c.contact_at.desc(), own.c.created_at.desc()).limit(1)
        newest = last.correlate(people).scalar_subquery()
        query = select(notes).select_from(people).join(notes, notes.c.id == newest)
        query = query.where(people.c.case_id.is_(None), alive(notes.c.scope))
        if person_ids is not None:
            query = query.where(people.c.id.in_(person_ids))
        with self._database.read() as connection:
            return [note_from(row) for row in connection.execute(query)]

    def astray(self, kind: str, unless: str) -> list[Note]:
        """Notes of a kind that are in no own record; not those with a decision of that kind."""
        kept = select(decisions.c.note_id).where(decisions.c.kind == unless)
        query = select(notes).where(notes.c.kind == kind, notes.c.scope != notes.c.practitioner_id)
        query = query.where(alive(notes.c.scope), notes.c.id.not_in(kept))
        with self._database.read() as connection:
            return [note_from(row) for row in connection.execute(query)]

    def _is_there(self, person_id: str) -> bool:
        columns = select(identities.c.id, identities.c.erased_at)
        query = columns.where(identities.c.id == person_id, identities.c.id != TEAM)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is not None and row.erased_at is not None:
            raise ErasedError(f"identity {person_id} was erased")
        return row is not None


def _require_staff(connection: Connection, person_id: str) -> None:
    staff = select(people.c.id).where(people.c.id == person_id, people.c.case_id.is_(None))
    if connection.scalar(staff) is None:
        raise NotFoundError("there is no such member of staff")
