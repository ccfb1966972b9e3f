"""Small helpers that every rule shares: text made plain for matching, offsets kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRAIGHT = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}
WORD = re.compile(r"[a-z0-9]+(?:['.:-][a-z0-9]+)*")
_LEAD = re.compile(
    r"""^(?:[\s,.…-]*\b(?:so|and|but|then|okay|ok|right|well|um+|erm*|uh|anyway|yeah|yes|yep|oh|also|now
    |honestly|basically|actions?|to[ ]do|next[ ]steps?|worries|concerns|strengths|just|er|mm+|hmm+|great
    |perfect|afterwards|after[ ]that|like|alright|finally|first[ ]of[ ]all|plus|hi|hiya|hello|yo)\b
    (?=[\s,.…]))+[\s,.…-]*""",
    re.VERBOSE,
)

KEPT = 256
"""Sentences whose reading is kept: each is read by many rules, one after another."""


def plain(text: str) -> str:
    """`text` in lower case with straight quotation marks, each character where it was."""
    if text.isascii():  # most text: a recording of an hour is made plain a thousand times over
        return text.lower()
    straight = text.translate(_STRAIGHT)
    return "".join(low if len(low := char.lower()) == 1 else char for char in straight)


def words(text: str) -> list[str]:
    """The words of a plain text."""
    return WORD.findall(text)


def without_lead(text: str) -> str:
    """A plain text without the openers that people put before a sentence ("okay so, um")."""
    found = _LEAD.match(text)
    rest = text[found.end() :] if found else text
    return rest or text


def spaced(alternatives: str) -> str:
    """A readable alternation for re.VERBOSE: its inner spaces match spaces."""
    return re.sub(r"(?<=\S) (?=\S)", "[ ]", alternatives)


def pattern(alternatives: str) -> re.Pattern[str]:
    """Whole-word pattern for plain text from a readable alternation; "'ll" may follow a word."""
    return re.compile(
        rf"(?:(?<![\w'-])|(?<=\w)(?='))(?:{spaced(alternatives)})(?![\w-])", re.VERBOSE
    )


def either(first: re.Pattern[str], second: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What "first|second" finds in `text`, in order. Neither pattern may match nothing at all."""
    one, other = first.search(text), second.search(text)
    while one or other:
        found = min(filter(None, (one, other)), key=re.Match.start)
        yield found
        if one and one.start() < found.end():
            one = first.search(text, found.end())
        if other and other.start() < found.end():
            other = second.search(text, found.end())
