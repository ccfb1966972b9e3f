"""Search: the notes that somebody may see, opened one after the other and never kept.

There is no index over what notes say, and nothing is written: a search reads the rows, newest
contact first, opens each and shows its bytes to a sift. What a payload says is the sift's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, type_coerce
from sqlalchemy.types import NullType

from store.errors import ErasedError, NotFoundError, TamperedError
from store.identities import Identities
from store.keys import CaseKeys
from store.notes import MERGED, Note, check_fit, note_from, whose
from store.reach import Reach
from store.session import Database
from store.tables import alive, note_versions, notes

_FIRST, _MOST = 50, 1000  # rows read at once: few at first, so that the first hits come soon

_NUMBERS = note_versions.alias("numbers")
_VERSION = tuple(column.name for column in note_versions.columns)

Sift = Callable[[str | None, bytes], bool]
"""Whether a payload of this case (None: of no case) is wanted."""


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
                rows = _rows(connection, reach, batch)
                payloads = self._payloads(connection, rows, known)
            for row, payload in zip(rows, payloads, strict=True):
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
    ) -> list[bytes | None]:
        """What each note's current version says; None when it is damaged, which is told."""
        scopes = {row.version_scope for row in rows} - known.keys() - {None}
        known |= self._identities.many(connection, scopes)
        return [self._payload(connection, row, known) for row in rows]

    def _payload(
        self, connection: Connection, row: Row[Any], known: Mapping[str, CaseKeys]
    ) -> bytes | None:
        # A dict, because asking a row for a column by its name takes longer than all else here.
        version = dict(zip(_VERSION, row[len(notes.c) :], strict=True))
        try:
            check_fit(row, version["number"])
            return self._identities.opened(connection, note_versions, version, whose(row), known)
        except (TamperedError, NotFoundError, ErasedError) as error:
            self._database.alarm.tell(error)
            return None


def _within(reach: Reach) -> tuple[ColumnElement[bool], ...]:
    # What was merged into another note is said there.
    return alive(notes.c.scope), notes.c.state != MERGED, reach.clause()


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    left, size = iter(ids), _FIRST
    while batch := list(islice(left, size)):
        yield batch
        size = min(4 * size, _MOST)


def _rows(connection: Connection, reach: Reach, batch: list[str]) -> list[Row[Any]]:
    """The notes of `batch` in its order, each with the columns of its newest version behind.

    What was erased or taken out of reach meanwhile is not among them.
    """
    newest = (
        select(func.max(_NUMBERS.c.number))
        .where(_NUMBERS.c.note_id == notes.c.id)
        .scalar_subquery()
    )
    its = (note_versions.c.note_id == notes.c.id) & (note_versions.c.number == newest)
    query = (
        select(notes, *(_labelled(column) for column in note_versions.columns))
        .select_from(notes.outerjoin(note_versions, its))
        .where(notes.c.id.in_(batch), *_within(reach))
    )
    found = {row[0]: row for row in connection.execute(query).all()}
    return [found[note_id] for note_id in batch if note_id in found]


def _labelled(column: ColumnElement[Any]) -> ColumnElement[Any]:
    # The payload as it lies there: SQLite keeps any type in any column, and one planted value must
    # not end the search.
    raw = type_coerce(column, NullType) if column.name == "sealed" else column
    return raw.label(f"version_{column.name}")
