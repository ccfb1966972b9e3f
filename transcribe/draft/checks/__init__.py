"""What a reader must look at before trusting a sentence: deterministic, against what was said."""

from __future__ import annotations

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

__all__ = ["UNCLEAR_BELOW", "Said", "against", "checks", "heard", "unsourced", "wording"]

_RULES = (
    added, turned, others, roles_swapped, other_numbers, other_days, other_times, altered, dropped,
)  # fmt: skip


def checks(text: str, said: Said) -> tuple[Check, ...]:
    """Every check on a sentence: against what was said, how it was heard, and how it is worded."""
    return (*heard(said), *weekday_of(text, said), *against(text, said), *wording(text))


def against(text: str, said: Said) -> tuple[Check, ...]:
    """Where a sentence says another thing than was said."""
    if beside(text, said.text).same:
        return ()
    plain, there = unaccented(text), said.unaccented()
    found = [check for rule in _RULES for check in rule(plain, there)]
    return tuple({check.code: check for check in reversed(found)}.values())[::-1]


def wording(text: str) -> tuple[Check, ...]:
    """Words to look at again."""
    return tuple(unkind(text))


def unsourced(text: str) -> tuple[Check, ...]:
    """Every check on a sentence that nothing was recorded for."""
    return wording(text)


def weekday_of(text: str, said: Said) -> tuple[Check, ...]:
    """A weekday and a date in a sentence that cannot both be right."""
    return tuple(weekday(text, said.recorded))


def heard(said: Said) -> tuple[Check, ...]:
    """Whether it can be relied on that this was said at all."""
    if said.probability is not None and said.probability < UNCLEAR_BELOW:
        sentence = "This was hard to hear. Listen to it before you rely on it."
        return (Check("unclear", "look", sentence),)
    return ()
