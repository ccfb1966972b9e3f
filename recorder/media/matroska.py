"""The elements of a Matroska or WebM file: where its end is, and the file in an order to be streamed.

Recorders in browsers never say how long a file, or a cluster of it, is: there the last cluster is
followed, block by block, to where the bytes end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recorder.errors import Incomplete, Unreadable
from recorder.media.readable import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorder.media.readable import Readable

_HEADER, _SEGMENT = 0x1A45DFA3, 0x18538067
_DOC_TYPE = 0x4282
_TRACKS, _CLUSTER = 0x1654AE6B, 0x1F43B675
_CLUSTER_MARK = _CLUSTER.to_bytes(4, "big")
# What a cluster holds: time, blocks, groups of blocks, and what says where they lie.
_IN_CLUSTER = frozenset({0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0xAF, 0xEC, 0xBF, 0x5854})
_IN_SEGMENT = frozenset(
    {0x114D9B74, 0x1549A966, _TRACKS, _CLUSTER, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367}
)
_ANYWHERE = frozenset({0xEC, 0xBF})  # room left free, a checksum
_LONGEST_HEADER = 256  # bytes; the usual one has about forty
_WINDOW = 16 * 1024  # bytes read at a time
_LONGEST = 12  # bytes of an id and a size
_MAX_ELEMENTS = 200_000  # followed; past them nothing is said
_LAST_CLUSTER = 32 * 1024 * 1024  # bytes: half a minute of the best film that a browser makes
_MAX_TRIES = 8  # places that look like a cluster; a chance likeness is rare
_UNKNOWN_SEGMENT = _SEGMENT.to_bytes(4, "big") + b"\x01" + b"\xff" * 7


@dataclass(frozen=True, slots=True)
class _Element:
    """One element, by byte offsets in the whole file."""

    kind: int
    start: int
    body: int
    end: int | None  # None: the file does not say


class _CannotTellError(Exception):
    """Too many elements to follow."""


def doc_type(head: bytes) -> bytes:
    """Return what a file says it is by its first bytes: ``webm`` or ``matroska``; empty if nothing."""
    header = _element(head[:_LONGEST], 0)
    if header is None or header.kind != _HEADER or header.end is None:
        return b""
    at = header.body
    while at < min(header.end, _LONGEST_HEADER):
        found = _element(head[at : at + _LONGEST], at)
        if found is None or found.end is None:
            return b""
        if found.kind == _DOC_TYPE:
            return head[found.body : found.end].rstrip(b"\0")
        at = found.end
    return b""


def check_matroska(readable: Readable) -> None:
    """Return if the file's end is there.

    Raises:
        Incomplete: it is cut.
        Unreadable: its beginning makes no sense.
    """
    segment = _segment(readable)
    if segment.end is not None:
        if segment.end > readable.size:
            raise Incomplete
        return
    try:
        _to_the_end(readable, segment.body)
    except _CannotTellError:
        return


def front_to_back(readable: Readable) -> Iterator[bytes]:
    """Yield the file with the description of its tracks before its first cluster.

    Nearly every file is so and passes as it is. Positions that the file gives of its own parts no
    longer hold then; whoever reads it as a stream uses none.

    Raises:
        Incomplete, Unreadable: the structure does not hold.
    """
    segment = _segment(readable)
    first, tracks = _first_cluster_and_tracks(readable, segment)
    if first is None or tracks is None or tracks.start < first.start or tracks.end is None:
        yield from blocks(readable)
        return
    yield from blocks(readable, 0, segment.start)
    yield _UNKNOWN_SEGMENT
    yield from blocks(readable, segment.body, first.start)
    yield from blocks(readable, tracks.start, tracks.end)
    yield from blocks(readable, first.start, tracks.start)
    yield from blocks(readable, tracks.end)


def _first_cluster_and_tracks(
    readable: Readable, segment: _Element
) -> tuple[_Element | None, _Element | None]:
    first = None
    try:
        for element in _elements(readable, segment.body):
            if element.kind == _TRACKS:
                return first, element
            if element.kind == _CLUSTER and first is None:
                first = element
    except _CannotTellError:
        pass
    return first, None


def _segment(readable: Readable) -> _Element:
    """The element that holds all others but the file's first."""
    header = _element(readable.read(0, _LONGEST), 0)
    if header is None or header.kind != _HEADER or header.end is None:
        raise Unreadable
    at = header.end
    for _ in range(_MAX_TRIES):
        if at >= readable.size:
            raise Incomplete
        found = _element(readable.read(at, _LONGEST), at)
        if found is None or (found.kind not in _ANYWHERE and found.kind != _SEGMENT):
            raise Unreadable
        if found.kind == _SEGMENT:
            return found
        at = readable.size if found.end is None else found.end
    raise Unreadable


def _to_the_end(readable: Readable, start: int) -> None:
    """Follow the elements to where the bytes end, by way of the last cluster where need be."""
    for element in _elements(readable, start):
        if element.end is None:  # a cluster that does not say how long it is
            _from_the_last_cluster(readable, element.start)
            return
        if element.end > readable.size:
            raise Incomplete


def _from_the_last_cluster(readable: Readable, first: int) -> None:
    begin = max(first, readable.size - _LAST_CLUSTER)
    tail = readable.read(begin, readable.size - begin)
    at = len(tail)
    for _ in range(_MAX_TRIES):
        at = tail.rfind(_CLUSTER_MARK, 0, at)
        if at < 0:
            break
        if _reaches_the_end(readable, begin + at):
            return
    raise Incomplete


def _reaches_the_end(readable: Readable, start: int) -> bool:
    end = start
    try:
        for element in _elements(readable, start):
            end = element.body if element.end is None else element.end
    except Unreadable:
        return False  # it only looked like a cluster
    return end == readable.size


def _elements(readable: Readable, start: int) -> Iterator[_Element]:
    """Yield the elements from ``start`` on, clusters of unknown length with what is in them.

    The last one may reach past the end.

    Raises:
        Incomplete: the end comes in the middle of an element's head.
        Unreadable: what stands there is no element of the format.
    """
    at, window, window_start = start, b"", 0
    for _ in range(_MAX_ELEMENTS):
        if at >= readable.size:
            return
        if not window_start <= at <= window_start + len(window) - _LONGEST:
            window, window_start = readable.read(at, _WINDOW), at
        found = _element(window[at - window_start : at - window_start + _LONGEST], at)
        if found is None:
            if readable.size - at < _LONGEST:
                raise Incomplete
            raise Unreadable
        if found.kind not in _IN_SEGMENT | _IN_CLUSTER:
            raise Unreadable
        if found.end is None and found.kind != _CLUSTER:
            raise Unreadable
        yield found
        at = found.body if found.end is None else found.end
    raise _CannotTellError


def _element(head: bytes, start: int) -> _Element | None:
    """Return the element whose first bytes are ``head``, None if they are none."""
    kind_length = _length(head[:1], 4)
    size_length = _length(head[kind_length : kind_length + 1], 8) if kind_length else 0
    body = kind_length + size_length
    if not size_length or len(head) < body:
        return None
    kind = int.from_bytes(head[:kind_length], "big")
    bits = 7 * size_length
    size = int.from_bytes(head[kind_length:body], "big") & ((1 << bits) - 1)
    unknown = size == (1 << bits) - 1
    return _Element(kind, start, start + body, None if unknown else start + body + size)


def _length(first: bytes, most: int) -> int:
    """Return how many bytes a number has whose first byte is this; 0: it is none."""
    length = 9 - first[0].bit_length() if first and first[0] else 0
    return length if length <= most else 0
