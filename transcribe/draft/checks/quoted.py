"""Quotations: what stands as somebody's words must be their words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.checks.stems import folded
from transcribe.draft.quotes import quotes
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcribe.draft.checks.said import Said

_WRITTEN = re.compile(r'"(?P<said>[^"]+)"')
_LEFT_OUT = re.compile(r"\.{3}|…|\[[^\]]*\]")
_NOISE = frozenset(("um", "uh", "er", "erm", "mm", "hmm", "ah", "quote", "unquote"))


def altered(text: str, said: Said) -> Iterator[Check]:
    """Words given as a quotation that are not word for word what was said."""
    source = " ".join(_spoken(said.text))
    for quote in dict.fromkeys(_quoted(text, said)):
        pieces = [" ".join(_spoken(piece)) for piece in _LEFT_OUT.split(quote)]
        if not _in_order(pieces, source):
            yield Check(
                "quote",
                "look",
                f"“{_short(quote)}” is not word for word what was said. Listen, and put the quotation right.",
            )


def _quoted(text: str, said: Said) -> Iterator[str]:
    written = [found["said"] for found in _WRITTEN.finditer(_straight(text))]
    yield from written
    if written:
        return
    spoken = bool(quotes(said.text, said.cast))
    for quote in quotes(text, said.cast):
        if spoken or text[: quote.start].rstrip().endswith(":"):
            yield quote.text


def _straight(text: str) -> str:
    return text.replace("“", '"').replace("”", '"')


def _spoken(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+(?:'[a-z]+)*", folded(text))
    return [word for word in words if word not in _NOISE]


def _in_order(pieces: list[str], source: str) -> bool:
    at = 0
    for piece in filter(None, pieces):
        found = re.compile(rf"(?<![\w']){re.escape(piece)}(?![\w'])").search(source, at)
        if found is None:
            return False
        at = found.end()
    return True


def _short(quote: str) -> str:
    words = quote.split()
    return quote if len(words) <= 8 else " ".join(words[:8]) + " …"  # noqa: PLR2004 - what a line holds
