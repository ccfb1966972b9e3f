"""The boxes of the ISO media family (MP4, MOV, M4A, 3GP, HEIC): where each starts and ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recorder.errors import Incomplete, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorder.media.readable import Readable

_MAX_BOXES = 100_000  # top-level boxes; a day of one-second fragments stays below
_HEADER = 8
_LARGE_HEADER = 16


@dataclass(frozen=True, slots=True)
class Box:
    """One box, by byte offsets in the whole file."""

    kind: bytes  # four characters
    start: int
    body: int  # where the header ends
    end: int


def top_boxes(readable: Readable, needed: frozenset[bytes]) -> Iterator[Box]:
    """Yield the top-level boxes in file order.

    Bytes that are no box are allowed once all ``needed`` kinds have been seen: some phones append
    notes of their own. Zeros are not: they are the unwritten part of a file still arriving.

    Raises:
        Incomplete: a box reaches past the end, or the rest is zeros.
        Unreadable: the structure makes no sense.
    """
    start, seen = 0, set[bytes]()
    for _ in range(_MAX_BOXES):
        if start == readable.size:
            return
        head = readable.read(start, _LARGE_HEADER)
        box = parse_header(head, start, readable.size)
        if box is None:
            _judge_leftover(head, done=needed <= seen)
            return
        if box.end > readable.size:
            raise Incomplete
        yield box
        seen.add(box.kind)
        start = box.end
    raise Unreadable


def parse_header(head: bytes, start: int, limit: int) -> Box | None:
    """Return the box whose first bytes are ``head``, None if they are no box header.

    ``limit`` is where the enclosing box or file ends: size 0 means "to there".
    """
    size, kind, header = int.from_bytes(head[:4], "big"), head[4:_HEADER], _HEADER
    if len(kind) < 4 or not _plausible(kind):  # noqa: PLR2004 - four characters
        return None
    if size == 1:
        size, header = int.from_bytes(head[_HEADER:_LARGE_HEADER], "big"), _LARGE_HEADER
    elif size == 0:
        size = limit - start
    if size < header:
        return None
    return Box(kind, start, start + header, start + size)


def _plausible(kind: bytes) -> bool:
    return all(0x20 <= char < 0x7F or char == 0xA9 for char in kind)  # noqa: PLR2004 - printable, or the copyright sign


def _judge_leftover(head: bytes, *, done: bool) -> None:
    if not head.strip(b"\0") or (len(head) < _LARGE_HEADER and not done):
        raise Incomplete
    if not done:
        raise Unreadable
