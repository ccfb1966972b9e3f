"""Lengths of time in a text, so that "a fortnight" and "2 weeks" are one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcribe.draft.checks.figures import found
from transcribe.draft.checks.stems import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

_MINUTES = {"minut": 1, "hour": 60, "day": 1440, "week": 10_080, "fortnight": 20_160}
_MONTHS = {"month": 1, "year": 12}  # no fixed number of days
_UNITS = "minute|hour|day|week|fortnight|month|year"
_WORDED = re.compile(
    rf"\b(?:(?P<part>half|(?:three )?quarters?)(?: of)?(?: an?)?[ -]|(?:an?|one|every|per|each) )(?P<unit>{_UNITS})\b(?P<more> and a half)?"
    r"|\b(?P<every>daily|weekly|fortnightly|monthly|yearly|fortnight)\b"
)
_PARTS = {"half": 0.5, "quarter": 0.25, "three quarters": 0.75}
_EVERY = {"daily": "day", "weekly": "week", "fortnightly": "fortnight", "monthly": "month"}


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time. Offsets are into the text."""

    start: int
    end: int
    amount: float  # minutes, or months
    months: bool

    def same(self, other: Length) -> bool:
        """Whether both are equally long."""
        return (self.amount, self.months) == (other.amount, other.months)


def lengths(text: str) -> tuple[Length, ...]:
    """The lengths of time in `text`: those with a number, and then those in words."""
    return (*_counted(text), *_worded(folded(text)))


def _counted(text: str) -> Iterator[Length]:
    for one in found(text):
        if one.counts in {*_MINUTES, *_MONTHS}:
            yield _length(one.start, one.end, one.value, one.counts)


def _worded(source: str) -> Iterator[Length]:
    for hit in _WORDED.finditer(source):
        named = hit["unit"] or _EVERY.get(hit["every"], hit["every"])
        unit = {"minute": "minut", "yearly": "year"}.get(named, named)
        amount = _PARTS[hit["part"]] if hit["part"] else 1
        yield _length(*hit.span(), amount + (0.5 if hit["more"] else 0), unit)


def _length(start: int, end: int, amount: float, unit: str) -> Length:
    months = unit in _MONTHS
    return Length(start, end, amount * (_MONTHS if months else _MINUTES)[unit], months)
