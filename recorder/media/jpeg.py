"""Whether a JPEG is what we would have written: one picture of a known size and nothing beside it."""

from __future__ import annotations

import re

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive
_TABLES = {0xC4, 0xDB, 0xDD}  # Huffman, quantisation, restart interval
_JFIF = 0xE0
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")  # inside a scan: not stuffing, not a restart
_MOST_SEGMENTS = 64


def is_clean(jpeg: bytes, width: int, height: int) -> bool:
    """Say whether these bytes are one JPEG of this size, in pixels, without metadata or more."""
    if not jpeg.startswith(_START):
        return False
    at, size = len(_START), (0, 0)
    for _ in range(_MOST_SEGMENTS):
        head = jpeg[at : at + 9]
        if len(head) < 9 or head[0] != 0xFF:  # noqa: PLR2004 - marker, length and a frame's size
            return False
        marker, length = head[1], int.from_bytes(head[2:4], "big")
        if marker == _SCAN:
            return size == (width, height) and _ends(jpeg, at + 2 + length)
        if marker in _FRAMES:
            size = int.from_bytes(head[7:9], "big"), int.from_bytes(head[5:7], "big")
        elif marker not in _TABLES and marker != _JFIF:
            return False
        at += 2 + length
    return False


def _ends(jpeg: bytes, start: int) -> bool:
    """Whether the scan that starts here is the only one, and the file ends with it."""
    found = _MARKER.search(jpeg, start)
    return found is not None and found.start() == len(jpeg) - 2 and found[0] == _END
