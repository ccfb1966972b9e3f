"""The pieces of an upload as one, and what becomes of them where that is over."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, delete, select

from store import age
from store.errors import TamperedError
from store.original import Original, Pinned
from store.strays import leave
from store.tables import pieces, uploads


class Pieces:
    """What has come of an upload, as one; a piece is opened when it is read, one at a time."""

    def __init__(
        self, found: Sequence[Pinned], sizes: Sequence[int], open_: Callable[[Pinned], Original]
    ) -> None:
        self._found = found
        self._starts = [0, *accumulate(sizes)]
        self._open = open_
        self._kept: tuple[int, age.Reader | None] = (-1, None)

    @property
    def size(self) -> int:
        """Bytes that are here."""
        return self._starts[-1]

    @property
    def count(self) -> int:
        """Pieces that are here."""
        return len(self._found)

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`, `length` of them or as many as there are."""
        end = min(offset + length, self.size)
        parts = []
        while offset < end:
            number = bisect_right(self._starts, offset) - 1
            start = self._starts[number]
            part = self._piece(number).read(offset - start, end - offset)
            if not part:
                raise TamperedError("a piece is shorter than its row says", self._found[number].id)
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def __iter__(self) -> Iterator[bytes]:
        for number in range(len(self._found)):
            yield from self._piece(number)

    def _piece(self, number: int) -> age.Reader:
        kept, reader = self._kept
        if kept != number or reader is None:
            reader = self._open(self._found[number])
            self._kept = number, reader
        return reader


def forget_scopes(connection: Connection, scopes: Any) -> None:
    """Remove uploads of scopes that were erased; their blobs stay as orphans that are due at once."""
    for upload_id in connection.scalars(
        select(uploads.c.id).where(uploads.c.scope.in_(scopes))
    ).all():
        gone(connection, upload_id)
    # A piece that was kept while its case was erased has no upload any more.
    left = pieces.c.scope.in_(scopes)
    leave(connection, connection.scalars(select(pieces.c.blob).where(left)).all())
    connection.execute(delete(pieces).where(left))


def with_pieces(piece_ids: Collection[str]) -> Any:
    """The ids of the uploads that these pieces are of."""
    return select(pieces.c.upload_id).where(pieces.c.id.in_(piece_ids)).distinct()


def forget_broken(connection: Connection, piece_ids: Collection[str]) -> None:
    """Remove uploads whose pieces are gone: they were taken in, or removed, since these rows were."""
    for upload_id in connection.scalars(with_pieces(piece_ids)).all():
        gone(connection, upload_id)


def gone(connection: Connection, upload_id: str, *, and_its_row: bool = True) -> list[str]:
    """Remove an upload and its pieces; their blobs, which are orphans now, and due at once."""
    mine = pieces.c.upload_id == upload_id
    blobs = list(connection.scalars(select(pieces.c.blob).where(mine)))
    leave(connection, blobs)
    connection.execute(delete(pieces).where(mine))
    if and_its_row:
        connection.execute(delete(uploads).where(uploads.c.id == upload_id))
    return blobs
