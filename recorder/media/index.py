"""An index for a film of fragments, put in where it is read.

A film that is made to be looked at goes into the vault as it is coded, from front to back, so it has no
index at its beginning. A browser that is to play its middle then reads the whole of it. What is handed
out has one (`sidx` of ISO/IEC 14496-12) before the first fragment; what is kept stays as it is.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from recorder.errors import Unreadable
from recorder.media.boxes import Box, parse_header, top_boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorder.media.readable import Readable

_MOST = 0xFFFF  # fragments that one index can name
_MOST_BYTES = 4 * 1024 * 1024  # of a description that is looked into
_KEY_FRAME_FIRST = 0x9000_0000
MEDIA_TYPE = "application/octet-stream"
_PLACE = 8  # bytes of a place, where an index is kept
_HEAD, _LINE = 40, 12  # bytes of a box, and of what it says of a fragment


@dataclass(frozen=True, slots=True)
class Insert:
    """What is put in, and where."""

    at: int
    box: bytes


def packed(insert: Insert) -> bytes:
    """An index to be kept beside its film."""
    return insert.at.to_bytes(_PLACE, "big") + insert.box


def unpacked(kept: bytes) -> Insert:
    """What was packed."""
    return Insert(int.from_bytes(kept[:_PLACE], "big"), kept[_PLACE:])


@dataclass(frozen=True, slots=True)
class Spliced:
    """Bytes with some more put in."""

    inner: Readable
    insert: Insert

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self.inner.size + len(self.insert.box)

    def read(self, offset: int, length: int) -> bytes:
        """Return exactly ``length`` bytes from ``offset``; fewer only at the end."""
        at, box = self.insert.at, self.insert.box
        end, after = offset + length, at + len(box)
        parts = (
            self.inner.read(offset, min(end, at) - offset) if offset < at else b"",
            box[max(offset - at, 0) : max(end - at, 0)],
            self.inner.read(max(offset, after) - len(box), end - max(offset, after))
            if end > after
            else b"",
        )
        return b"".join(parts)


def index_of(film: Readable) -> Insert | None:
    """The index that a film of fragments lacks; None for what is none, or has one.

    Raises:
        Incomplete, Unreadable: its structure does not hold.
    """
    try:
        return _index_of(film)
    except (ValueError, IndexError, struct.error) as error:
        # Whoever made the file chose every number in it: boxes that lack, are empty, or say too much.
        raise Unreadable from error


def _index_of(film: Readable) -> Insert | None:
    tracks, starts, end = list[tuple[int, int]](), list[int](), 0
    times = dict[int, list[int]]()  # by track: when each fragment begins, in its own units
    for box in top_boxes(film, frozenset({b"moov"})):
        if box.kind == b"sidx":
            return None
        if box.kind == b"moov":
            tracks = _tracks(_body(film, box))
        elif box.kind == b"moof":
            starts.append(box.start)
            for number, at in _begins(_body(film, box)):
                times.setdefault(number, []).append(at)
        elif box.kind == b"mdat":
            end = box.end
    # A track that is not in every fragment is found by the others' index.
    whole = [each for each in tracks if len(times.get(each[0], ())) == len(starts)]
    if not whole or not 1 < len(starts) <= _MOST:
        return None
    size = _HEAD + _LINE * len(starts)
    sizes = [after - before for before, after in pairwise([*starts, end])]
    boxes = (
        _written(each, sizes, times[each[0]], size * (len(whole) - place))
        for place, each in enumerate(whole, start=1)
    )
    return Insert(starts[0], b"".join(boxes))


def _written(track: tuple[int, int], sizes: list[int], times: list[int], before: int) -> bytes:
    """The box of a track: of each fragment how many bytes it has and how long it plays.

    `before` bytes stand between the box and the first of them.
    """
    lengths = [after - start for start, after in pairwise(times)]
    lengths.append(sum(lengths) // len(lengths))
    number, scale = track
    head = (1 << 24, number, scale, times[0], before, 0, len(sizes))
    lines = (
        struct.pack(">III", size, length, _KEY_FRAME_FIRST)
        for size, length in zip(sizes, lengths, strict=True)
    )
    size = _HEAD + _LINE * len(sizes)
    return struct.pack(">I4s", size, b"sidx") + struct.pack(">IIIQQHH", *head) + b"".join(lines)


def _tracks(moov: bytes) -> list[tuple[int, int]]:
    """Number and time scale of each track."""
    found = []
    for trak in _inside(moov, b"trak"):
        (tkhd,), (mdia,) = _inside(trak, b"tkhd"), _inside(trak, b"mdia")
        (mdhd,) = _inside(mdia, b"mdhd")
        found.append((_number(tkhd, 20 if tkhd[0] else 12), _number(mdhd, 20 if mdhd[0] else 12)))
    return found


def _begins(moof: bytes) -> Iterator[tuple[int, int]]:
    """When a fragment begins to play, by track and in that track's own units."""
    for traf in _inside(moof, b"traf"):
        (tfhd,), times = _inside(traf, b"tfhd"), _inside(traf, b"tfdt")
        if times:
            yield _number(tfhd, 4), int.from_bytes(times[0][4 : 12 if times[0][0] else 8], "big")


def _body(film: Readable, box: Box) -> bytes:
    return film.read(box.body, min(box.end - box.body, _MOST_BYTES))


def _number(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 4], "big")


def _inside(body: bytes, kind: bytes) -> list[bytes]:
    """The bodies of the boxes of a kind that stand in another box's body."""
    return [body[box.body : box.end] for box in _boxes(body) if box.kind == kind]


def _boxes(body: bytes) -> Iterator[Box]:
    start = 0
    while start < len(body):
        box = parse_header(body[start : start + 16], start, len(body))
        if box is None:
            return
        yield box
        start = box.end
