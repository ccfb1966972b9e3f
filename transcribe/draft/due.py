"""By when a task is to be done, as it was said."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from transcribe.draft.dates import SpokenDate, dates
from transcribe.draft.times import times
from transcribe.draft.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from transcribe.draft.times import SpokenTime

REASON = re.compile(r"\b(?:because|since|in case|due to)\b")
"""What follows is why, and its days are no day to be done by."""

_ANOTHER_DAY = re.compile(r"\b(?:again|next|same|every|usual)\b")
_BY = re.compile(r"\b(?:by|before|until|till) $")
_DEADLINE = re.compile(r"\b(?:by|until|till)\s+(?:about |around )?$")
_NO_DAY = re.compile(r"\b(?:every|each|most|not(?: on)?) $")  # "every Monday" names no one day
_OR = frozenset(("or", "or on", "or maybe", "or possibly", "to", "or else", "or by"))
_BETWEEN = re.compile(r"\bbetween(?: \w+)? $")
_SAME_DAY = re.compile(r"[ ,]*(?:that's|that is|which is|so)?[ ,]*(?:on|by)?[ ,]*")
_EVENT = re.compile(r"\b(?:at|in|on|during|for|before|by|until|till) $")
_IF = re.compile(
    r"(?:(?<=straight away)|(?<=right away)|(?<=immediately)) (?:if|when|once|should)\b"
)
_TOLD = re.compile(  # "ask what happened on Friday" is about Friday, and not to be done then
    r"\b(?:what|who|why|how|where|whether|if|when|that|which)\b[^,;]*\b(?:happened|was|were|did|went|said|had|got|came|left|told)\b(?:(?!'ll\b|\bwill\b|\bto\b)[^,;])*$"
)
_HALF_DAY = 12


def due_day(text: str, recorded: date) -> date | None:
    """The day a task is due: the one after "by" or "until", else the first that is ahead.

    None where no day was said, or only a stretch or a choice of days: none of them is made up.
    """
    source = plain(text)
    found = [one for one in _ahead_days(text, recorded) if _may_be_due(source, one)]
    deadlines = [one for one in found if _DEADLINE.search(source[: one.start])]
    return _said_day(source, deadlines or found) if found else None


def _ahead_days(text: str, recorded: date) -> list[SpokenDate]:
    """The days ahead that are said before any reason; none that is one of a choice."""
    source = plain(text)
    because = REASON.search(source)
    last = because.start() if because else len(source)
    found = [one for one in dates(text, recorded, "future") if one.start < last]
    choice = set()
    for one, two in pairwise(found):
        between = source[one.end : two.start]
        ranged = between.strip() == "and" and _BETWEEN.search(source[: one.start])
        if ranged or between.strip(" ,") in _OR:
            choice |= {one, two}
    return [one for one in found if one not in choice and one.on >= recorded]


def _may_be_due(source: str, one: SpokenDate) -> bool:
    before = source[: one.start]
    if _NO_DAY.search(before) or _IF.match(source, one.end):
        return False
    if source.startswith("'s ", one.end):  # "Monday's minutes", but "at Monday's meeting"
        return _EVENT.search(before) is not None
    return _DEADLINE.search(before) is not None or not _TOLD.search(before)


def _said_day(source: str, found: Sequence[SpokenDate]) -> date:
    """The first day, or the exact one that follows at once: "next Wednesday, the eighteenth"."""
    first = found[0]
    for one, two in pairwise(found):
        if _SAME_DAY.fullmatch(source[one.end : two.start]) is None:
            break
        if two.exact and not first.exact:
            return two.on
    return first.on


def later_today(text: str, recorded_at: datetime) -> bool:
    """Whether only a clock time is said, and it is still to come: "I'm going round at one"."""
    source = plain(text)
    found = times(text)
    if _ANOTHER_DAY.search(source):
        found = tuple(one for one in found if _BY.search(source[: one.start]))
    return any(_ahead(one, recorded_at) for one in found)


def _ahead(one: SpokenTime, recorded_at: datetime) -> bool:
    """Whether it is to come; a bare "nine" said at noon is nine at night."""
    hours = [one.on_clock()]
    if not one.certain and one.hour < _HALF_DAY:
        hours.append(f"{one.hour + _HALF_DAY:02}:{one.minute:02}")
    return max(hours) > recorded_at.strftime("%H:%M")
