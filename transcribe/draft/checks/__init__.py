"""What a reader must look at before trusting a sentence: deterministic, against what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcribe.draft.checks.counted import other_numbers
from transcribe.draft.checks.harm import added, dropped
from transcribe.draft.checks.near import beside
from transcribe.draft.checks.negation import turned
from transcribe.draft.checks.quoted import altered
from transcribe.draft.checks.said import UNCLEAR_BELOW, Said
from transcribe.draft.checks.stems import unaccented
from transcribe.draft.checks.when import other_days, other_times, weekday
from transcribe.draft.checks.who import others, roles_swapped
from transcribe.draft.checks.wording import unkind
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["UNCLEAR_BELOW", "Said", "against", "checks", "wording"]

_RULES = (
    added, turned, others, roles_swapped, other_numbers, other_days, other_times, altered, dropped,
)  # fmt: skip


def checks(text: str, said: Said) -> tuple[Check, ...]:
    """Every check on a sentence: against what was said, how it was heard, and how it is worded."""
    return (*_heard(said), *weekday_of(text, said), *against(text, said), *wording(text))


def against(text: str, said: Said) -> tuple[Check, ...]:
    """Where a sentence says another thing than was said."""
    if beside(text, said.text).same:
        return ()
    plain, there = unaccented(text), said.unaccented()
    found = [check for rule in _RULES for check in rule(plain, there)]
    return tuple({check.code: check for check in reversed(found)}.values())[::-1]


def wording(text: str) -> tuple[Check, ...]:
    """Words to look at again: all there is to check on a sentence that nobody said aloud."""
    return tuple(unkind(text))


def weekday_of(text: str, said: Said) -> tuple[Check, ...]:
    """A weekday and a date in a sentence that cannot both be right."""
    return tuple(weekday(text, said.recorded))


def _heard(said: Said) -> Iterator[Check]:
    if said.probability is not None and said.probability < UNCLEAR_BELOW:
        yield Check("unclear", "look", "This was hard to hear. Listen to it before you rely on it.")
