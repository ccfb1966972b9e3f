"""How the picture in a HEIF file is coded, by the file's own description of what it holds.

HEIC is one coding of the family, HEVC. Files in the others carry the same brands and names often
enough, and nothing is wrong with them: they must not be called damaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.media.boxes import Box, parse_header

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAKEN = b"hvc1"
_OTHERS = frozenset({b"av01", b"avc1", b"evc1", b"j2k1", b"jpeg", b"unci", b"vvc1"})
_COMBINED = frozenset({b"grid", b"iden", b"iovl", b"tili"})  # of other pictures in the file
_FULL = 4  # bytes of version and flags before the content of some boxes
# Where an entry of the list holds its picture's number, how many bytes that has, and where its
# coding stands, by the entry's version. Older versions describe no pictures.
_ENTRY = {2: (4, 2, 8), 3: (4, 4, 10)}


def is_taken(head: bytes) -> bool:
    """Whether the main picture is in a coding that is taken, as far as these first bytes tell."""
    primary, codings = _described(head)
    main = codings.get(primary, b"")
    if main not in _COMBINED:
        return main not in _OTHERS
    parts = set(codings.values())
    return _TAKEN in parts or not _OTHERS & parts


def _described(head: bytes) -> tuple[int, dict[int, bytes]]:
    """The number of the main picture, -1 if it is not said, and the coding of each."""
    primary, codings = -1, dict[int, bytes]()
    for meta in _boxes(head, 0, len(head)):
        if meta.kind != b"meta":
            continue
        for box in _boxes(head, meta.body + _FULL, meta.end):
            if box.kind == b"pitm":
                width = 4 if head[box.body : box.body + 1] > b"\0" else 2
                primary = _number(head, box.body + _FULL, width)
            elif box.kind == b"iinf":
                codings |= _entries(head, box)
    return primary, codings


def _entries(head: bytes, listed: Box) -> dict[int, bytes]:
    found = dict[int, bytes]()
    count = 4 if head[listed.body : listed.body + 1] > b"\0" else 2
    for entry in _boxes(head, listed.body + _FULL + count, listed.end):
        known = _ENTRY.get(_number(head, entry.body, 1))
        if entry.kind == b"infe" and known is not None:
            at, width, coding = known
            found[_number(head, entry.body + at, width)] = head[
                entry.body + coding : entry.body + coding + 4
            ]
    return found


def _boxes(head: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes that begin between these bytes; the last may reach past what is there."""
    while start < min(end, len(head)):
        box = parse_header(head[start : start + 16], start, end)
        if box is None:
            return
        yield box
        start = box.end


def _number(head: bytes, at: int, width: int) -> int:
    return int.from_bytes(head[at : at + width], "big")
