"""Looking for words in raw bytes, in every form they are likely to be written in."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from urllib.parse import quote, quote_plus

SHORTEST = 6  # bytes; a shorter needle would be found in ciphertext by chance


def forms(text: str) -> Iterator[bytes]:
    """`text` as programs write it: encodings, escapes, base64, hexadecimal digits."""
    written = {text, text.lower(), text.upper(), quote(text), quote_plus(text), html.escape(text)}
    written |= {json.dumps(text)[1:-1], ascii(text)[1:-1], repr(text)[1:-1]}
    for each, encoding in product(written, ("utf-8", "utf-16-le", "utf-16-be")):
        yield each.encode(encoding, "surrogatepass")
    for each, encoding in product({text, text.lower(), text.upper()}, ("utf-8", "utf-16-le")):
        raw = each.encode(encoding, "surrogatepass")
        yield raw.hex().encode()
        for shift in range(3):
            plain = _inner_base64(raw, shift)
            yield from (plain, plain.translate(bytes.maketrans(b"+/", b"-_")))


def _inner_base64(raw: bytes, shift: int) -> bytes:
    """The part of base64 that `raw` decides alone, when `shift` bytes stand before it."""
    written = base64.b64encode(bytes(shift) + raw)
    first, end = -(-8 * shift // 6), 8 * (shift + len(raw)) // 6
    return written[first:end]


class Needles:
    """Finds any of some words in bytes, whatever their case."""

    def __init__(self, words: Iterable[str]) -> None:
        self._needles = {needle.lower() for word in words for needle in forms(word)}
        shortest = min(map(len, self._needles))
        assert shortest >= SHORTEST, "a short needle would be found by chance"

    def in_bytes(self, data: bytes) -> bool:
        """Whether any word stands in `data`."""
        folded = data.lower()
        return any(needle in folded for needle in self._needles)

    def in_text(self, text: str) -> bool:
        """Whether any word stands in `text`."""
        return self.in_bytes(text.encode("utf-8", "surrogatepass"))

    def under(self, root: Path, leave_out: Iterable[str] = ()) -> Iterator[str]:
        """Files and folders below `root` that hold or are named a word, but in `leave_out`."""
        for path in root.rglob("*"):
            relative = path.relative_to(root)
            if relative.parts[0] in leave_out:
                continue
            content = path.read_bytes() if path.is_file() else b""
            if self.in_text(str(relative)) or self.in_bytes(content):
                yield str(relative)
