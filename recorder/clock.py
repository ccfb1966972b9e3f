"""Times between the store's whole milliseconds and people's local clocks."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_QUARTER_HOUR = 15 * 60_000  # ms


def local(milliseconds: int, timezone: str) -> datetime:
    """A stored time (ms since 1970, UTC) as an aware datetime in `timezone`."""
    return datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(timezone))


@lru_cache(maxsize=8192)
def _day_at(quarter: int, timezone: str) -> Date:
    return local(quarter * _QUARTER_HOUR, timezone).date()


def day_of(milliseconds: int, timezone: str) -> Date:
    """The day that a stored time falls on in `timezone`."""
    # Clocks are set on a quarter of an hour everywhere, so a day begins on one, and lists ask for
    # the same few thousand of them.
    return _day_at(milliseconds // _QUARTER_HOUR, timezone)


def milliseconds(moment: datetime, timezone: str) -> int:
    """A datetime as stored; a naive one is taken as local time in `timezone`."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
    return round(aware.timestamp() * 1000)
