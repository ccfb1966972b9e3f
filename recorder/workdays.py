"""Working days in England: Monday to Friday without bank holidays.

Bank holidays come from a library that knows the rules, and each one that was proclaimed before it
was published. In a year it says nothing of, only Saturdays and Sundays are off.
"""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from datetime import timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working(day: Date) -> bool:
    """Whether people are at work on this day."""
    return day.weekday() < _SATURDAY and day not in _bank_holidays(day.year)


@lru_cache(maxsize=4096)
def after(day: Date, count: int) -> Date:
    """The working day that comes `count` (1 or more) working days after `day`, which may be any."""
    left = count
    while left > 0:
        day += _DAY
        left -= is_working(day)
    return day


def between(first: Date, last: Date) -> int:
    """How many working days come after `first` until `last`, with it; negative the other way round."""
    if last < first:
        return -between(last, first)
    days = (first + number * _DAY for number in range(1, (last - first).days + 1))
    return sum(map(is_working, days))


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[Date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
