"""Search: the notes that somebody may see, opened one after the other and never kept.

There is no index over what notes say, and nothing is written: a search reads the rows, newest
contact first, opens each and shows its bytes to a sift. What a payload says is the sift's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, true, type_coerce
from sqlalchemy.types import NullType

from store.errors import ErasedError, NotFoundError, TamperedError
from store.identities import Identities
from store.keys import CaseKeys
from store.notes import Note, check_fit, note_from, whose
from store.session import Database
from store.tables import identities, note_versions, notes

_FIRST, _MOST = 50, 1000  # rows read at once: few at first, so that the first hits come soon

Sift = Callable[[str | None, bytes], bool]
"""Whether a payload of this case (None: of no case) is wanted."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose notes somebody may see: everyone's, or what they made and what is on their cases."""

    everyone: bool = False
    practitioner_id: str | None = None
    case_ids: frozenset[str] = frozenset()

    def holds(self, practitioner_id: str, case_id: str | None) -> bool:
        """Whether something of this practitioner and case is within reach."""
        return self.everyone or practitioner_id == self.practitioner_id or case_id in self.case_ids

    def clause(self) -> ColumnElement[bool]:
        """`holds`, for the rows of the notes table."""
        if self.everyone:
            return true()
        mine = notes.c.practitioner_id == self.practitioner_id
        return or_(mine, notes.c.case_id.in_(self.case_ids))


@dataclass(frozen=True, slots=True)
class Opened:
    """A note whose current version the sift let through."""

    note: Note
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Damaged:
    """Something that is not there or does not open as it should: nobody knows what it says."""

    id: str  # of a note, or of a case


class Search:
    """Reads through notes."""

    def __init__(self, database: Database, identities_: Identities) -> None:
        self._database = database
        self._identities = identities_

    def notes(self, reach: Reach, sift: Sift) -> Iterator[Opened | Damaged]:
        """Current versions within `reach` that `sift` lets through, newest contact first.

        Damaged ones come in their place among them, whatever they say. Notes of erased cases are
        never touched. No transaction is open while the caller looks at what came.
        """
        known: dict[str, CaseKeys] = {}
        for batch in _batches(self._ids(reach)):
            with self._database.read() as connection:
                rows = _notes(connection, reach, batch)
                payloads = self._payloads(connection, rows, known)
            for row in rows:
                payload = payloads[row.id]
                if payload is None:
                    yield Damaged(row.id)
                elif sift(row.case_id, payload):
                    yield Opened(note_from(row), payload)

    def _ids(self, reach: Reach) -> list[str]:
        newest = (notes.c.contact_at.desc(), notes.c.id.desc())
        query = select(notes.c.id).where(*_within(reach)).order_by(*newest)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def _payloads(
        self, connection: Connection, rows: Sequence[Row[Any]], known: dict[str, CaseKeys]
    ) -> dict[str, bytes | None]:
        """What each note's current version says; None when it is damaged, which is told."""
        versions = _versions(connection, [row.id for row in rows])
        scopes = {version.scope for version in versions.values()} - known.keys()
        known |= self._identities.many(connection, scopes)
        found: dict[str, bytes | None] = {}
        for row in rows:
            try:
                version = _current(row, versions)
                also = whose(row)
                found[row.id] = self._identities.opened(
                    connection, note_versions, version, also, known
                )
            except (TamperedError, NotFoundError, ErasedError) as error:
                self._database.alarm.tell(error)
                found[row.id] = None
        return found


def _within(reach: Reach) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    alive = select(identities.c.id).where(identities.c.erased_at.is_(None))
    return notes.c.scope.in_(alive), reach.clause()


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    left, size = iter(ids), _FIRST
    while batch := list(islice(left, size)):
        yield batch
        size = min(4 * size, _MOST)


def _notes(connection: Connection, reach: Reach, batch: list[str]) -> list[Row[Any]]:
    """The notes of `batch` in its order, but what was erased or taken out of reach meanwhile."""
    query = select(notes).where(notes.c.id.in_(batch), *_within(reach))
    found = {row.id: row for row in connection.execute(query).all()}
    return [found[note_id] for note_id in batch if note_id in found]


def _versions(connection: Connection, note_ids: list[str]) -> dict[str, Row[Any]]:
    """The newest version of each of these notes, by the note's id."""
    numbers = note_versions.alias()
    newest = select(func.max(numbers.c.number)).where(numbers.c.note_id == note_versions.c.note_id)
    # The payload as it lies there: SQLite keeps any type in any column, and one planted value must
    # not end the search.
    columns = [c if c.name != "sealed" else _as_it_lies(c) for c in note_versions.columns]
    query = select(*columns).where(
        note_versions.c.note_id.in_(note_ids),
        note_versions.c.number == newest.scalar_subquery(),
    )
    return {row.note_id: row for row in connection.execute(query).all()}


def _as_it_lies(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, NullType).label("sealed")


def _current(note: Row[Any], versions: Mapping[str, Row[Any]]) -> Row[Any]:
    """The version that the note is at; TamperedError if it is not there, or not the newest."""
    version = versions.get(note.id)
    check_fit(note, None if version is None else version.number)
    if version is None:
        raise NotFoundError(f"note {note.id} has no version")
    return version
