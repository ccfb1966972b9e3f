"""What a task is called: its clause without the day, and whether it names anything at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.dates import dates
from transcribe.draft.due import REASON, due_day
from transcribe.draft.times import times
from transcribe.draft.wording import plain, words

if TYPE_CHECKING:
    from datetime import date

_EMPTY = frozenset(
    """in out put will take leave change then do it that this them ask him her sort get over to by be so one those""".split()
)
SHORT = 4
"""Words that a task may have which only points back."""
_WITH = re.compile(r"(?<=\bthat out) with [\w' ]+$|(?<=\bthat) (?:out )?with [\w' ]+$")
_LINK = re.compile(  # what goes with a day: "Ring mum [by Friday]", "Next visit [is on Friday]"
    r"(?:,?\s+(?:and )?(?:that's|it's)(?=\s)|(?:(?<=supervision)|(?<=session)|(?<=visit)|(?<=meeting)|(?<=appointment)|(?<=review)|(?<=one))\s+(?:is|will be)(?=\s))?"
    r"(?:(?:^|\s+)(?:by|before|on|until|till|from|at|for|starting)\b(?:\s+(?:about|around))?)?\s*$"
)


def names_nothing(what: str) -> bool:
    """Whether it only points back: "do that today"."""
    for one in reversed(times(what)):
        what = what[: one.start] + what[one.end :]
    said = words(_WITH.sub("", plain(what)))
    return len(said) <= SHORT and all(word in _EMPTY for word in said)


def phrase(text: str, recorded: date, due: date | None = None) -> str:
    """`text` without its due date, starting with a capital.

    Other days stay: "Write up Monday's visit", "on Monday or Tuesday".
    """
    due = due or due_day(text, recorded)
    spans = [(one.start, one.end) for one in dates(text, recorded, "future") if one.on == due]
    for start, end in sorted(spans, reverse=True):
        link = _LINK.search(plain(text)[:start])
        text = text[: link.start() if link else start] + text[end:]
    reason = REASON.search(plain(text), SHORT)
    text = text[: reason.start()] if reason else text
    tidy = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s{2,}", " ", text))
    tidy = re.sub(r",? please$", "", tidy.strip(" ,.;"))
    return capital(re.sub(r"(?:,\s*)+,", ",", tidy).strip(" ,.;"))


def capital(text: str) -> str:
    """`text` with a capital."""
    return text[:1].upper() + text[1:]
