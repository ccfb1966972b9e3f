"""By when a task is to be done, as it was said."""

from __future__ import annotations

import re
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

_DUE_LINK = re.compile(r"\b(?:by|before|until|till|on)\s+(?:about |around )?$")
_ANOTHER_DAY = re.compile(r"\b(?:again|next|same|every|usual)\b")
_BY = re.compile(r"\b(?:by|before|until|till) $")
_HALF_DAY = 12


def due_day(text: str, recorded: date) -> date | None:
    """The day a task is due: the one after "by" or "until" first, else the first that is ahead."""
    source = plain(text)
    because = REASON.search(source)
    found = [
        one for one in dates(text, recorded, "future") if not because or one.start < because.start()
    ]
    if not found:
        return None
    linked = [one for one in found if _DUE_LINK.search(source[: one.start])]
    return _latest_said(linked or found)


def _latest_said(found: Sequence[SpokenDate]) -> date:
    """The exact day where there is one: "next Wednesday, the eighteenth"."""
    exact = [one for one in found if one.exact]
    return (exact or list(found))[0].on


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
