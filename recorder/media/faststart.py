"""An MP4 as a stream that can be read from front to back: its index moved before its media.

Phones and cameras write the index (``moov``) last. ffmpeg then needs to seek, which a pipe cannot
do. Here the index is read first, its offsets are corrected, and the file is handed on in the new
order, so that a sealed recording of many gigabytes is decoded with no plaintext copy anywhere.
"""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recorder.errors import Incomplete, Unreadable, UnusualFilm
from recorder.media.boxes import Box, parse_header, top_boxes
from recorder.media.readable import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorder.media.readable import Readable

MAX_INDEX = 64 * 1024 * 1024  # bytes; a day of video needs about a tenth
_NEEDED = frozenset({b"moov", b"mdat"})
# The one way down to the offsets. Following nothing else bounds the depth.
_INSIDE = {b"moov": b"trak", b"trak": b"mdia", b"mdia": b"minf", b"minf": b"stbl"}
_OFFSETS = {b"stco": 4, b"co64": 8}  # bytes an offset
_TYPECODE = {4: "I", 8: "Q"}


class _Overflow(Exception):  # noqa: N818 - a signal inside this file, not an error
    """An offset no longer fits into 32 bits."""


@dataclass(frozen=True, slots=True)
class _Move:
    """How offsets change when the index goes from ``old`` to just before ``media``."""

    media: int  # where the first media box starts, and the new index will
    old: Box
    length: int  # of the new index, bytes

    def shifted(self, offset: int) -> int:
        if offset < self.media:
            return offset
        if offset < self.old.start:
            return offset + self.length
        if offset < self.old.end:
            raise Unreadable  # sound cannot lie inside the index
        return offset + self.length - (self.old.end - self.old.start)


def front_to_back(readable: Readable) -> Iterator[bytes]:
    """Yield the file with its index before its media; as it is when it already stands so.

    Memory: a few times the index, which is at most ``MAX_INDEX``.

    Raises:
        Incomplete: the index or the end of a box is missing.
        Unreadable: the structure makes no sense, is compressed, or the index is too large.
    """
    found = list(top_boxes(readable, _NEEDED))
    index = next((box for box in found if box.kind == b"moov"), None)
    media = next((box for box in found if box.kind == b"mdat"), None)
    if index is None:
        raise Incomplete
    if readable.read(index.body + 4, 4) == b"cmov":
        raise UnusualFilm  # compressed: a few bytes could unpack to gigabytes
    if media is None or index.start < media.start:
        yield from blocks(readable)
        return
    if any(box.kind == b"moof" for box in found):
        raise UnusualFilm  # fragments carry offsets of their own
    yield from blocks(readable, 0, media.start)
    yield _moved(readable, index, media.start)
    yield from blocks(readable, media.start, index.start)
    yield from blocks(readable, index.end)


def _moved(readable: Readable, index: Box, media: int) -> bytes:
    """Return the index with offsets that hold once it stands at ``media``."""
    if index.end - index.start > MAX_INDEX:
        raise UnusualFilm
    old = readable.read(index.start, index.end - index.start)
    if len(old) != index.end - index.start:
        raise Incomplete
    body = old[index.body - index.start :]
    try:
        return _placed(body, index, media, wide=False)
    except _Overflow:
        return _placed(body, index, media, wide=True)


def _placed(body: bytes, index: Box, media: int, *, wide: bool) -> bytes:
    # The length depends on the width of the offsets alone, so a first pass measures it.
    length = len(_rebuilt(body, None, wide=wide))
    return _rebuilt(body, _Move(media, index, length), wide=wide)


def _rebuilt(body: bytes, move: _Move | None, *, wide: bool) -> bytes:
    return _boxed(b"moov", b"".join(_children(b"moov", body, move, wide=wide)))


def _children(parent: bytes, body: bytes, move: _Move | None, *, wide: bool) -> Iterator[bytes]:
    at, view = 0, memoryview(body)
    while at < len(body):
        box = parse_header(bytes(view[at : at + 16]), at, len(body))
        if box is None and not body[at:].strip(b"\0"):
            yield body[at:]  # QuickTime ends some lists with four zero bytes
            return
        if box is None or box.end > len(body):
            raise Unreadable
        inner = body[box.body : box.end]
        if box.kind == _INSIDE.get(parent):
            inner = b"".join(_children(box.kind, inner, move, wide=wide))
            yield _boxed(box.kind, inner)
        elif box.kind in _OFFSETS:
            yield _table(box.kind, inner, move, wide=wide)
        else:
            # Written anew though nothing changed: a size of 0 ("to the end") must not survive.
            yield _boxed(box.kind, inner)
        at = box.end


def _boxed(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def _table(kind: bytes, body: bytes, move: _Move | None, *, wide: bool) -> bytes:
    """Return the offset table ``stco`` or ``co64`` (version, flags, count, offsets) corrected."""
    old_width = _OFFSETS[kind]
    new_width = 8 if wide else old_width
    count = int.from_bytes(body[4:8], "big")
    if len(body) < 8 + count * old_width:
        raise Unreadable
    offsets = array(_TYPECODE[old_width], body[8 : 8 + count * old_width])
    _swap(offsets)
    if move is not None:
        offsets = _shifted(offsets, move, new_width)
    elif new_width != old_width:
        offsets = array(_TYPECODE[new_width], offsets)
    _swap(offsets)
    new_kind = b"co64" if new_width == _OFFSETS[b"co64"] else b"stco"
    return _boxed(new_kind, body[:8] + offsets.tobytes())


def _shifted(offsets: array[int], move: _Move, width: int) -> array[int]:
    try:
        return array(_TYPECODE[width], map(move.shifted, offsets))
    except OverflowError:
        raise (_Overflow if width == _OFFSETS[b"stco"] else Unreadable) from None


def _swap(offsets: array[int]) -> None:
    if sys.byteorder == "little":
        offsets.byteswap()
