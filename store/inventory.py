"""What the vault holds for each row, against what was pinned when it was sealed; nothing is changed.

A look asks for each blob's size. A deep look reads each to its end, hashes it and opens every chunk:
so a blob that was swapped, spliced, put back from before, cut or eaten by the disk is found, whether
or not anybody ever opens it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, true

from store import age
from store.arrivals import Arrivals
from store.errors import (
    ErasedError,
    HeaderError,
    NoMatchError,
    NotFoundError,
    PayloadError,
    SoundErasedError,
    StoreError,
    TamperedError,
)
from store.identities import Identities
from store.original import Pinned
from store.records import ALIVE
from store.session import Database
from store.tables import derived, pieces, recordings
from store.vault import Vault

MISSING = "missing"
OTHER_SIZE = "other size"
OTHER_HEADER = "other header"
OTHER_CONTENT = "other content"
CLOSED = "does not open"
ROW_CLOSED = "its row does not open"
UNREADABLE = "cannot be read"

_PAGE = 100  # rows read at once
_PIECE = 1024 * 1024
_TAMPERED = {OTHER_SIZE, OTHER_HEADER, OTHER_CONTENT, CLOSED}


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at one row's blob."""

    kind: str  # recording, made (from one), piece (of an upload) or arrival
    id: str
    size: int  # bytes of the payload, as pinned; 0 where the row does not say
    fault: str | None  # one of the words above


@dataclass(frozen=True, slots=True)
class _Sort:
    """Rows of one table that have a blob."""

    word: str
    table: Table
    there: ColumnElement[bool]  # which of them were not erased


_RECORDINGS = _Sort("recording", recordings, ALIVE)
_MADE = _Sort("made", derived, derived.c.recording_id.in_(select(recordings.c.id).where(ALIVE)))


_PIECES = _Sort("piece", pieces, true())


class Inventory:
    """Looks at all there is, and gives out a recording as it lies."""

    def __init__(
        self, database: Database, identities: Identities, vault: Vault, arrivals: Arrivals
    ) -> None:
        self._database = database
        self._identities = identities
        self._vault = vault
        self._arrivals = arrivals

    def recordings(self, *, deep: bool = False) -> Iterator[Look]:
        """One look a recording that was not erased. A fault ends nothing; tampering is told."""
        return self._looks(_RECORDINGS, deep=deep)

    def made(self, *, deep: bool = False) -> Iterator[Look]:
        """Likewise, of what was made from recordings to be looked at."""
        return self._looks(_MADE, deep=deep)

    def arrivals(self, *, deep: bool = False) -> Iterator[Look]:
        """Likewise, of what was taken in without the root key and waits."""
        for arrival_id in self._arrivals.ids():
            size, fault = self._arrival(arrival_id, deep=deep)
            if fault is None or arrival_id in self._arrivals.ids():  # not adopted meanwhile
                yield Look("arrival", arrival_id, size, fault)

    def pieces(self, *, deep: bool = False) -> Iterator[Look]:
        """Likewise, of what is on its way from browsers."""
        return self._looks(_PIECES, deep=deep)

    def age_file(self, recording_id: str) -> Iterator[bytes]:
        """A recording as a whole `.age` file, which opens with its case's identity.

        Raises NotFoundError, ErasedError, and TamperedError, perhaps at the very end: no file is
        the recording before that.
        """
        with self._database.read() as connection:
            row = _row(connection, recording_id)
            if row is None:
                raise NotFoundError(f"there is no recording {recording_id}")
            pinned = Pinned.of(connection, self._identities, recordings, row)
        if not pinned.blob:
            raise SoundErasedError(f"the bytes of recording {recording_id} were erased by a rule")
        with self._database.alarm.watch():
            if fault := self._shallow(pinned):
                raise TamperedError(f"recording {recording_id}: {fault}", recording_id)
            yield pinned.header
            hashed = hashlib.sha256()
            for piece in self._pieces(pinned):
                hashed.update(piece)
                yield piece
            if hashed.hexdigest() != pinned.payload_sha256:
                raise TamperedError(f"recording {recording_id}: {OTHER_CONTENT}", recording_id)

    def _looks(self, sort: _Sort, *, deep: bool) -> Iterator[Look]:
        last = ""
        while rows := self._page(sort, last):
            for row in rows:
                if look := self._looked(row, sort, deep=deep):
                    yield look
            last = rows[-1].id

    def _page(self, sort: _Sort, after: str) -> list[Any]:
        query = select(sort.table).where(sort.table.c.id > after, sort.there)
        with self._database.read() as connection:
            return list(connection.execute(query.order_by(sort.table.c.id).limit(_PAGE)))

    def _looked(self, row: Any, sort: _Sort = _RECORDINGS, *, deep: bool) -> Look | None:
        """None if it was erased meanwhile."""
        size, fault = self._blob(row, sort, deep=deep)
        if fault is not None:
            with self._database.read() as connection:
                again = _row(connection, row.id, sort)
            if again is None:
                return None
            if again != row:  # it was given to another case, or mended, while we looked
                size, fault = self._blob(again, sort, deep=deep)
        if fault in _TAMPERED:
            error = TamperedError(f"{sort.word} {row.id}: {fault}", row.id)
            self._database.alarm.tell(error)
        return Look(sort.word, row.id, size, fault)

    def _blob(self, row: Any, sort: _Sort, *, deep: bool) -> tuple[int, str | None]:
        try:
            with self._database.read() as connection:
                pinned = Pinned.of(connection, self._identities, sort.table, row)
        except (TamperedError, ErasedError):
            return 0, ROW_CLOSED  # told by the database already
        return pinned.payload_size, self._fault(pinned, deep=deep)

    def _fault(self, pinned: Pinned, *, deep: bool) -> str | None:
        if not pinned.blob:  # it went by a rule: that is sealed with its row
            return None
        try:
            return self._shallow(pinned) or (self._deep(pinned) if deep else None)
        except NotFoundError:
            return MISSING
        except StoreError:
            return UNREADABLE

    def _shallow(self, pinned: Pinned) -> str | None:
        if hashlib.sha256(pinned.header).hexdigest() != pinned.header_sha256:
            return OTHER_HEADER
        return None if self._vault.size(pinned.blob) == pinned.payload_size else OTHER_SIZE

    def _deep(self, pinned: Pinned) -> str | None:
        reading = _InOrder(partial(self._vault.read_at, pinned.blob))
        try:
            file_key = age.open_key(pinned.header, [pinned.identity])
            for _ in age.Reader(file_key, reading.read_at, pinned.payload_size):
                pass
        except (HeaderError, NoMatchError, PayloadError):
            return CLOSED if self._hash(pinned) == pinned.payload_sha256 else OTHER_CONTENT
        return None if reading.hex == pinned.payload_sha256 else OTHER_CONTENT

    def _arrival(self, arrival_id: str, *, deep: bool) -> tuple[int, str | None]:
        try:
            sealed = self._arrivals.open(arrival_id).sealed
            if sealed is None:  # word without a file
                return 0, None
            if deep:
                for _ in self._arrivals.content(arrival_id, sealed):
                    pass
        except NotFoundError:
            return 0, MISSING
        except TamperedError:
            return 0, CLOSED
        except StoreError:
            return 0, UNREADABLE
        return sealed.payload_size, None

    def _pieces(self, pinned: Pinned) -> Iterator[bytes]:
        for offset in range(0, pinned.payload_size, _PIECE):
            length = min(_PIECE, pinned.payload_size - offset)
            yield self._vault.read_at(pinned.blob, offset, length)

    def _hash(self, pinned: Pinned) -> str:
        hashed = hashlib.sha256()
        for piece in self._pieces(pinned):
            hashed.update(piece)
        return hashed.hexdigest()


class _InOrder:
    """Hashes a payload on its way to a reader, which asks for it from its beginning to its end.

    What is asked for out of turn, as the last chunk is, passes by.
    """

    def __init__(self, read_at: age.ReadAt) -> None:
        self._read_at = read_at
        self._hash = hashlib.sha256()
        self._at = 0

    def read_at(self, offset: int, length: int) -> bytes:
        """What is there."""
        piece = self._read_at(offset, length)
        if offset == self._at:
            self._hash.update(piece)
            self._at += len(piece)
        return piece

    @property
    def hex(self) -> str:
        """SHA-256 of what was asked for in turn."""
        return self._hash.hexdigest()


def _row(connection: Connection, row_id: str, sort: _Sort = _RECORDINGS) -> Any:
    """The row that was not erased, None if there is none."""
    query = select(sort.table).where(sort.table.c.id == row_id, sort.there)
    return connection.execute(query).one_or_none()
