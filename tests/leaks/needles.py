"""Looking for words in raw bytes, in every form they are likely to be written in."""

from __future__ import annotations

import base64
import html
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from urllib.parse import quote, quote_plus

import numpy as np

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
        needles = {needle.lower() for word in words for needle in forms(word)}
        assert min(map(len, needles)) >= SHORTEST, "a short needle would be found by chance"
        self._begin: dict[bytes, list[bytes]] = defaultdict(list)  # by their first bytes
        self._pairs = np.zeros(1 << 16, bool)  # whether any begins with these two bytes
        for needle in needles:
            self._begin[needle[:SHORTEST]].append(needle)
            self._pairs[int.from_bytes(needle[:2], "little")] = True

    def in_bytes(self, data: bytes) -> bool:
        """Whether any word stands in `data`."""
        folded = data.lower()
        return any(
            folded.startswith(needle, at)
            for at in self._may_begin(folded)
            for needle in self._begin.get(folded[at : at + SHORTEST], ())
        )

    def _may_begin(self, data: bytes) -> Iterator[int]:
        """Where in `data` any may begin: thousands are looked for in one pass, not each in its own."""
        pairs = np.ndarray(max(len(data) - 1, 0), "<u2", data, strides=(1,))
        return map(int, np.flatnonzero(self._pairs[pairs]))

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
