"""Words for serious harm: in the note and not in what was said, or the other way round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias

from templates.lists import Harm, harms
from transcribe.draft.checks.stems import folded
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from transcribe.draft.checks.said import Said

_Rule: TypeAlias = "tuple[int | None, bool, re.Pattern[str]]"


@dataclass(frozen=True, slots=True)
class Found:
    """A word for serious harm. Offsets are into the text."""

    start: int
    end: int
    word: str  # as it stands in the text
    harm: str  # the sort's key
    name: str  # the sort's name
    kind: int | None  # which thing of that sort; None: a word for all of it
    sure: bool  # False: the word has an innocent sense as well


@cache
def _patterns() -> tuple[tuple[Harm, tuple[_Rule, ...]], ...]:
    return tuple((harm, tuple(_rules(harm))) for harm in harms())


def _rules(harm: Harm) -> Iterator[_Rule]:
    """Which thing of that sort, whether it surely is, and the words for it."""
    for kind, words in ((None, harm.general), *enumerate(harm.kinds), (None, harm.perhaps)):
        if words:
            yield kind, words != harm.perhaps, _pattern(words)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(phrase, longest))})(?![\w])")


def phrase(entry: str) -> str:
    """The pattern of one entry of a word list; a word after a minus may not follow."""
    words, *barred = re.split(r" -(?=\S)", entry)
    follows = "|".join(map(_starred, barred))
    ends = rf"(?![\w]|[\s-]+(?:{follows})(?![\w]))" if barred else ""
    return r"[\s-]+".join(map(_starred, words.split())) + ends


def _starred(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*")


@lru_cache(maxsize=32)
def found(text: str) -> tuple[Found, ...]:
    """Every word for serious harm in `text`."""
    source = folded(text)
    return tuple(
        Found(*hit.span(), text[hit.start() : hit.end()], harm.key, harm.name, kind, sure)
        for harm, rules in _patterns()
        for meant in (_without(source, harm.innocent),)
        for kind, sure, rule in rules
        for hit in rule.finditer(meant)
    )


def _without(source: str, phrases: tuple[str, ...]) -> str:
    """`source` with `phrases` blanked."""
    if not phrases:
        return source
    return _pattern(phrases).sub(lambda hit: " " * len(hit.group()), source)


def covered(one: Found, others: tuple[Found, ...]) -> bool:
    """Whether `others` surely speak of the same thing; a word for the whole sort stands on any of it."""
    same = [each for each in others if each.harm == one.harm and each.sure >= one.sure]
    return any(one.kind is None or each.kind == one.kind for each in same)


def added(text: str, said: Said) -> Iterator[Check]:
    """Harm that nobody spoke of: it must never get into a record by mistake."""
    there = found(said.text)
    new = {
        (each.name, each.kind): each.word
        for each in found(text)
        if each.sure and not covered(each, there)
    }
    if new:  # all of it: who answers for one word has not answered for another
        what, them = ("was", "it") if len(new) == 1 else ("were", "them")
        yield Check(
            "harm_added",
            "block",
            f"{_listed(new)} {what} not said here. Listen, and take {them} out or put {them} right.",
        )


def _listed(words: Mapping[tuple[str, int | None], str]) -> str:
    return " and ".join(f"“{word}” ({name})" for (name, _), word in words.items())


def dropped(text: str, said: Said) -> Iterator[Check]:
    """Harm that was spoken of and is not in the sentence any more."""
    here = found(text)
    lost: dict[tuple[str, int | None], str] = {
        (each.name, None): each.word
        for each in found(said.text)
        if not any(one.harm == each.harm for one in here)
    }
    if lost:
        what, them, stands = (
            ("was", "it", "it stands") if len(lost) == 1 else ("were", "them", "they stand")
        )
        yield Check(
            "harm_dropped",
            "look",
            f"{_listed(lost)} {what} said here and left out. Add {them} unless {stands} elsewhere.",
        )
