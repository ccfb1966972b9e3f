"""File names as they are shown: whoever sent a file chose its name, and not what a terminal does."""

from __future__ import annotations

_JOINERS = "\u200c\u200d"  # some languages cannot be written without them


def shown(path: str) -> str:
    """`path` with everything written out that is no letter: controls, turned text, broken bytes."""
    return "".join(map(_shown, path))


def _shown(char: str) -> str:
    if char.isprintable() or char in _JOINERS:
        return char
    broken = ord(char) - 0xDC00  # a byte that is no UTF-8, as Python keeps it
    if 0x80 <= broken <= 0xFF:  # noqa: PLR2004 - what a byte can be there
        return f"\\x{broken:02x}"
    return char.encode("unicode_escape").decode("ascii")
