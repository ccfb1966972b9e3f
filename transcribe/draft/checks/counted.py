"""Numbers that are not those that were said."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from transcribe.draft.checks.figures import Figure, figures, found
from transcribe.draft.checks.lengths import lengths
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
        if _wrong(one, said_figures, there, said.text) and not _as_long(one, text, said.text):
            shown = text[one.start : one.end]
            yield Check(
                "number", "look", f"“{shown}” is not the number that was said. Listen, and check."
            )
            return
    near = beside(text, said.text).near
    if (near and _moved(text, said)) or _doubled(text, said):
        yield Check("number", "look", "A number stands where another was said. Listen, and check.")


def _as_long(one: Figure, text: str, said: str) -> bool:
    """Whether the number is of a length of time that was said, perhaps in other units."""
    spoken_of = lengths(said)
    return any(
        each.start <= one.start < each.end and any(each.same(other) for other in spoken_of)
        for each in lengths(text)
    )


def _moved(text: str, said: Said) -> bool:
    here = [one.value for one in found(text) if not one.loose]
    there = [one.value for one in found(spoken(said.text)) if not one.loose]
    return len(here) == len(there) and here != there and sorted(here) == sorted(there)


def _doubled(text: str, said: Said) -> bool:
    """Whether of as many numbers one stands in another's place: "7 and 7" for "seven and four"."""
    here, there = (
        [one.value for one in found(masked(each, said)) if not one.loose]
        for each in (text, said.text)
    )
    spoken_of = {one.value for one in found(said.text)}
    more = Counter(here) - Counter(there)
    return (
        len(here) == len(there) and bool(more) and set(here) < set(there) and set(more) <= spoken_of
    )


def _known(said: Said) -> frozenset[float]:
    """Every number of what was said; of its days and times in every form."""
    known = set(figures(said.text))
    known |= set(_prices(said.text))
    for day in days(said.text, said.recorded).all:
        known |= {day.day, day.year}
    for one in times(said.text):
        known |= {one.hour % 12, one.hour % 12 + 12, one.minute, one.hour}
    if re.search(r"\bno\b|\bnone\b|\bnobody\b|\bnever\b|n't\b", folded(said.text)):
        known.add(0)
    return frozenset(known)


def _prices(text: str) -> Iterator[float]:
    """Pounds and pence: "nine pounds ninety" is 9.90."""
    for one, other in pairwise(found(text)):
        between = folded(text)[one.end : other.start].strip()
        if between in {"pounds", "pound", "quid"} and other.value < 100:  # noqa: PLR2004 - pence
            yield one.value + other.value / 100


def _wrong(one: Figure, there: tuple[Figure, ...], known: frozenset[float], text: str) -> bool:
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
