"""Tasks as orders to oneself, and lists of them: "To do, ring housing tomorrow, email Ngozi"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = r"(?:(?:number )?(?:one|two|three|four|five|first(?:ly)?|second(?:ly)?|third(?:ly)?|then|and|lastly)[,.:]? )?"
_SURELY = (
    r"ring (?!the (?:bell|doorbell))|chase|email (?!from|to\b|with)|book (?!club)|send|update (?!on|from|for)|write|complete|refer|ask|tell"
    r"|check (?!in\b|-)|arrange|organise|sort|find|speak to|follow up(?: with| on)?|make sure|remind"
)
ORDER = re.compile(rf"{_NUMBER}(?:{_SURELY})\b")
"""An order to oneself, as the beginning of a plain sentence without its openers."""

_ITEM = rf"(?:{_SURELY}|call|phone|text|message|finish|talk to|order|print|share|request|visit|drop|pick up|let|get|make)\b"
BEGINS = re.compile(
    r"^(?:(?:my |the |so |and )*(?:to[- ]do(?: list)?|actions?|tasks|next steps|jobs)(?: (?:from today|for me|are))*[,.:]? )?"
    rf"{_NUMBER}(?={_ITEM})"
)
"""What stands before the first task of a list, or of a sentence that is one: nothing, often."""

_NEXT = re.compile(rf", (?:and )?(?:then )?(?={_ITEM})")
_LAST = re.compile(rf"(?:, | )and (?:then )?(?={_ITEM})")


def is_list(source: str) -> bool:
    """Whether a plain text lists tasks."""
    return BEGINS.match(source) is not None and _NEXT.search(source) is not None


def items(text: str) -> Iterator[str]:
    """The tasks of a list, each with its own day."""
    start = 0
    source = plain(text)
    for gap in (*_NEXT.finditer(source), *_LAST.finditer(source)):
        if gap.start() >= start:
            yield text[start : gap.start()]
            start = gap.end()
    yield text[start:]
