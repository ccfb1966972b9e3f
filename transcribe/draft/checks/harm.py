"""Words for serious harm: in the note and not in what was said, or the other way round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from templates.lists import Harm, harms
from transcribe.draft.checks.stems import folded
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcribe.draft.checks.said import Said


@dataclass(frozen=True, slots=True)
class Found:
    """A word for serious harm. Offsets are into the text."""

    start: int
    end: int
    word: str  # as it stands in the text
    harm: str  # the sort's key
    name: str  # the sort's name
    kind: int | None  # which thing of that sort; None: a word for all of it


@cache
def _patterns() -> tuple[tuple[Harm, int | None, re.Pattern[str]], ...]:
    return tuple(
        (harm, kind, _pattern(words))
        for harm in harms()
        for kind, words in ((None, harm.general), *enumerate(harm.kinds))
        if words
    )


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(phrase, longest))})(?![\w])")


def phrase(words: str) -> str:
    """The pattern of one entry of a word list."""
    return r"[\s-]+".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split())


@lru_cache(maxsize=32)
def found(text: str) -> tuple[Found, ...]:
    """Every word for serious harm in `text`."""
    source = folded(text)
    return tuple(
        Found(hit.start(), hit.end(), text[hit.start() : hit.end()], harm.key, harm.name, kind)
        for harm, kind, rule in _patterns()
        for hit in rule.finditer(source)
    )


def covered(one: Found, others: tuple[Found, ...]) -> bool:
    """Whether `others` speak of the same thing; a word for the whole sort stands on any of it."""
    same = [each for each in others if each.harm == one.harm]
    return any(one.kind is None or each.kind == one.kind for each in same)


def added(text: str, said: Said) -> Iterator[Check]:
    """Harm that nobody spoke of: it must never get into a record by mistake."""
    there = found(said.text)
    new = {each.name: each.word for each in found(text) if not covered(each, there)}
    for name, word in new.items():
        yield Check(
            "harm_added",
            "block",
            f"“{word}” ({name}) was not said here. Listen, and take it out or put it right.",
        )


def dropped(text: str, said: Said) -> Iterator[Check]:
    """Harm that was spoken of and is not in the sentence any more."""
    here = found(text)
    lost = {
        each.name: each.word
        for each in found(said.text)
        if not any(one.harm == each.harm for one in here)
    }
    for name, word in lost.items():
        yield Check(
            "harm_dropped",
            "look",
            f"“{word}” ({name}) was said here and is left out. Add it unless it stands elsewhere.",
        )
