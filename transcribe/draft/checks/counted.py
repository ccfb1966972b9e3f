"""Numbers that are not those that were said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.checks.figures import Figure, figures, found
from transcribe.draft.checks.near import beside, spoken
from transcribe.draft.checks.stems import folded, stems
from transcribe.draft.checks.when import days, masked
from transcribe.draft.times import times
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcribe.draft.checks.said import Said

_ARTICLE = re.compile(r"\ban? (?=[a-z])")


def other_numbers(text: str, said: Said) -> Iterator[Check]:
    """Numbers in a sentence that nobody said, and counts of another thing than was counted."""
    said_figures = found(said.text)
    there = _known(said)
    for one in found(masked(text, said)):
        if _wrong(one, said_figures, there, said.text):
            shown = text[one.start : one.end]
            yield Check(
                "number", "look", f"“{shown}” is not the number that was said. Listen, and check."
            )
            return
    if beside(text, said.text).near and _moved(text, said):
        yield Check("number", "look", "A number stands where another was said. Listen, and check.")


def _moved(text: str, said: Said) -> bool:
    here = [one.value for one in found(text) if not one.loose]
    there = [one.value for one in found(spoken(said.text)) if not one.loose]
    return len(here) == len(there) and here != there and sorted(here) == sorted(there)


def _known(said: Said) -> frozenset[int]:
    """Every number of what was said; of its days and times in every form."""
    known = set(figures(said.text))
    for day in days(said.text, said.recorded).all:
        known |= {day.day, day.year}
    for one in times(said.text):
        known |= {one.hour % 12, one.hour % 12 + 12, one.minute, one.hour}
    if re.search(r"\bno\b|\bnone\b|\bnobody\b|\bnever\b|n't\b", folded(said.text)):
        known.add(0)
    return frozenset(known)


def _wrong(one: Figure, there: tuple[Figure, ...], known: frozenset[int], text: str) -> bool:
    same = [other for other in there if one.counts and other.counts == one.counts]
    if same and not any(one.value in other.parts for other in same):
        # "one day" of "a day" and of "two days" differ.
        return not (one.value == 1 and _singly(one.counts, text))
    if one.loose:
        return False
    return one.value not in known and not (one.value == 1 and _singly(one.counts, text))


def _singly(counted: str, text: str) -> bool:
    source = folded(text)
    after = (source[found.end() :].split(" ")[0] for found in _ARTICLE.finditer(source))
    return any(counted in stems(word) for word in after)
